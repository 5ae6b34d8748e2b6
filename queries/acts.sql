SELECT date, coder, source, act, count(*) AS number FROM (
  SELECT DISTINCT c.date, c.coder, e.source, 'coding' AS act, c.excerpt, c.code
  FROM coding c JOIN excerpt e ON e.id = c.excerpt
  UNION ALL
  SELECT DISTINCT a.date, a.coder, e.source, 'assertion', a.excerpt, a.claim
  FROM assertion a JOIN excerpt e ON e.id = a.excerpt
  UNION ALL
  SELECT DISTINCT n.date, n.coder, e.source, 'evidence line', n.id, NULL
  FROM line n JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt
  UNION ALL
  SELECT DISTINCT r.date, r.coder, e.source, 'reading', r.line, r.settles
  FROM reading r JOIN line_excerpt m ON m.line = r.line JOIN excerpt e ON e.id = m.excerpt
  UNION ALL
  SELECT DISTINCT date, coder, source, 'settlement', paragraph, family FROM settlements
  UNION ALL
  SELECT DISTINCT date, coder, source, 'memo', paragraph, NULL FROM uncoded_paragraphs
  UNION ALL
  SELECT DISTINCT date, coder, NULL, 'confidence', claim, component FROM confidence
  UNION ALL
  SELECT DISTINCT date, coder, NULL, 'search', search, NULL FROM searches
)
GROUP BY date, coder, source, act
ORDER BY date, coder, source, act
