WITH RECURSIVE below (concept) AS (
  SELECT :concept
  UNION SELECT k.concept FROM below b JOIN concept k ON k.value = b.concept AND k.property = 'broader'
),
near (concept) AS (
  SELECT concept FROM below
  UNION SELECT k.concept FROM below b JOIN concept k ON k.value = b.concept AND k.property = 'related'
),
about (claim) AS (
  SELECT claim FROM claims JOIN near ON concept = subject
  UNION SELECT claim FROM claims JOIN near ON concept = object
  UNION SELECT claim FROM claims JOIN near ON concept = stage
)
SELECT n.claim, n.stance, n.strength, s."case", n.id AS line, e.id AS excerpt, e.quote, e.source, e.start, e."end",
  n.rationale, n.status
FROM about a JOIN line n ON n.claim = a.claim JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt
JOIN sources s ON s.source = e.source
ORDER BY n.claim, n.stance, n.id, e.id
