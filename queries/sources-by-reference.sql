WITH bearing (excerpt, claim) AS MATERIALIZED (
  SELECT excerpt, claim FROM assertion
  UNION SELECT m.excerpt, n.claim FROM line n JOIN line_excerpt m ON m.line = n.id WHERE n.status = 'active'
)
SELECT r.id AS reference, r.label AS title, e.source, count(DISTINCT e.id) AS excerpts, count(DISTINCT b.claim) AS claims
FROM citing c JOIN records r ON r.id = c.reference AND r.kind = 'reference' JOIN excerpt e ON e.id = c.excerpt
LEFT JOIN bearing b ON b.excerpt = e.id
GROUP BY r.id, r.label, e.source
ORDER BY r.id, e.source
