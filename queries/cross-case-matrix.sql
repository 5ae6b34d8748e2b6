SELECT n.claim, s."case", n.stance, count(DISTINCT n.id) AS lines, count(DISTINCT e.id) AS excerpts
FROM line n JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt JOIN sources s ON s.source = e.source
WHERE n.status = 'active' AND s."case" IS NOT NULL
GROUP BY n.claim, s."case", n.stance
ORDER BY n.claim, s."case", n.stance
