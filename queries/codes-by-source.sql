SELECT c.code, e.source, s."case", count(*) AS excerpts
FROM (SELECT DISTINCT excerpt, code FROM coding) c
JOIN excerpt e ON e.id = c.excerpt JOIN sources s ON s.source = e.source
GROUP BY c.code, e.source, s."case"
ORDER BY c.code, e.source
