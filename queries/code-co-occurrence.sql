WITH coded (excerpt, code) AS MATERIALIZED (SELECT DISTINCT excerpt, code FROM coding)
SELECT a.code, b.code AS other, count(*) AS excerpts
FROM coded a JOIN coded b ON b.excerpt = a.excerpt AND a.code < b.code
GROUP BY a.code, b.code
ORDER BY excerpts DESC, a.code, b.code
