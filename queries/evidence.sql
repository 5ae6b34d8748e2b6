SELECT DISTINCT n.claim, n.id AS line, n.stance, n.strength, n.status, n.coder, e.source, s."case", c.code
FROM line n JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt JOIN sources s ON s.source = e.source
LEFT JOIN coding c ON c.excerpt = e.id
ORDER BY n.claim, n.id, e.source, c.code
