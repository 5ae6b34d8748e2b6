SELECT c.code, r.label, d.value AS definition, count(DISTINCT c.excerpt) AS excerpts
FROM coding c JOIN excerpt e ON e.id = c.excerpt JOIN sources s ON s.source = e.source AND s.role <> 'theory'
JOIN records r ON r.id = c.code AND r.kind = 'code'
LEFT JOIN code d ON d.id = c.code AND d.property = 'definition'
WHERE c.code NOT IN (
  SELECT used.code FROM coding used JOIN line_excerpt m ON m.excerpt = used.excerpt JOIN line n ON n.id = m.line
  WHERE n.status = 'active'
)
GROUP BY c.code, r.label, d.value
ORDER BY excerpts DESC, c.code
