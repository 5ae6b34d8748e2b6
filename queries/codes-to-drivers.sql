WITH RECURSIVE indicating (driver, code) AS (
  SELECT d.concept, k.id FROM concept d JOIN code k ON k.value = d.concept AND k.property = 'indicates'
  WHERE d.property = 'broader' AND d.value = 'driving-factor'
  UNION SELECT i.driver, k.id FROM indicating i JOIN code k ON k.value = i.code AND k.property = 'broader'
)
SELECT i.driver, i.code, l.value AS level, count(c.code) AS codings
FROM indicating i JOIN code l ON l.id = i.code AND l.property = 'level'
LEFT JOIN (SELECT DISTINCT excerpt, code, coder, date FROM coding) c ON c.code = i.code
GROUP BY i.driver, i.code, l.value
ORDER BY i.driver, i.code
