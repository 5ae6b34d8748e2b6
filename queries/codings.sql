WITH RECURSIVE above (code, broader) AS (
  SELECT id, id FROM code
  UNION SELECT a.code, k.value FROM above a JOIN code k ON k.id = a.broader AND k.property = 'broader'
),
family (code, family) AS (
  SELECT a.code, a.broader FROM above a JOIN code l ON l.id = a.broader AND l.property = 'level' AND l.value = 'selective'
)
SELECT e.source, e.paragraph, e.start, e.id AS excerpt, c.code, f.family, c.coder, c.date
FROM (SELECT DISTINCT excerpt, code, coder, date FROM coding) c JOIN excerpt e ON e.id = c.excerpt
LEFT JOIN family f ON f.code = c.code
ORDER BY e.source, e.start, e.id, c.code, c.coder, c.date
