WITH RECURSIVE about (concept, claim) AS (
  SELECT subject, claim FROM claims UNION SELECT object, claim FROM claims UNION SELECT stage, claim FROM claims
),
indicating (concept, code) AS (
  SELECT value, id FROM code WHERE property = 'indicates'
  UNION SELECT i.concept, k.id FROM indicating i JOIN code k ON k.value = i.code AND k.property = 'broader'
)
SELECT r.id AS concept, r.label,
  (SELECT count(*) FROM about a WHERE a.concept = r.id) AS claims,
  (SELECT count(DISTINCT c.excerpt)
   FROM indicating i JOIN coding c ON c.code = i.code JOIN excerpt e ON e.id = c.excerpt
   JOIN sources s ON s.source = e.source AND s.role <> 'theory'
   WHERE i.concept = r.id) AS excerpts
FROM records r WHERE r.kind = 'concept'
ORDER BY r.id
