-- One question for each kind of record that has passages, as in trace.rq.
--[code] WITH RECURSIVE narrower (code) AS (
--[code]   SELECT :id UNION SELECT k.id FROM narrower n JOIN code k ON k.value = n.code AND k.property = 'broader'
--[code] ),
--[author] WITH
--[case] WITH
--[coder] WITH
--[excerpt] WITH
--[line] WITH
--[proposition] WITH
--[reference] WITH
--[source] WITH
which (excerpt) AS MATERIALIZED (
--[author]   SELECT DISTINCT c.excerpt FROM references_by_author a JOIN citing c ON c.reference = a.reference WHERE a.author = :id
--[case]   SELECT e.id FROM sources s JOIN excerpt e ON e.source = s.source WHERE s."case" = :id
--[code]   SELECT DISTINCT c.excerpt FROM narrower n JOIN coding c ON c.code = n.code
--[coder]   SELECT excerpt FROM coding WHERE coder = :id UNION SELECT excerpt FROM assertion WHERE coder = :id
--[coder]   UNION SELECT m.excerpt FROM line n JOIN line_excerpt m ON m.line = n.id WHERE n.coder = :id
--[excerpt]   SELECT :id
--[line]   SELECT excerpt FROM line_excerpt WHERE line = :id
--[proposition]   SELECT excerpt FROM assertion WHERE claim = :id
--[proposition]   UNION SELECT m.excerpt FROM line n JOIN line_excerpt m ON m.line = n.id WHERE n.claim = :id
--[reference]   SELECT excerpt FROM citing WHERE reference = :id
--[source]   SELECT id FROM excerpt WHERE source = :id
),
link (excerpt, link, target, line, strength, stated, lowered, status, reason, coder, date, locator) AS (
  SELECT excerpt, 'asserts', a.claim, NULL, NULL, NULL, NULL, NULL, NULL, a.coder, a.date, NULL
  FROM which JOIN assertion a USING (excerpt)
  UNION ALL SELECT excerpt, 'coded', c.code, NULL, NULL, NULL, NULL, NULL, c.memo, c.coder, c.date, NULL
  FROM which JOIN coding c USING (excerpt)
  UNION ALL SELECT excerpt, n.stance, n.claim, n.id, n.strength, n.stated, n.lowered, n.status, n.rationale, n.coder, n.date, NULL
  FROM which JOIN line_excerpt m USING (excerpt) JOIN line n ON n.id = m.line
  UNION ALL SELECT excerpt, 'cites', r.reference, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.locator
  FROM which JOIN citing r USING (excerpt) LEFT JOIN placed p USING (excerpt, reference)
  UNION ALL SELECT excerpt, 'case', s."case", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM which JOIN excerpt e ON e.id = excerpt JOIN sources s ON s.source = e.source WHERE s."case" IS NOT NULL
  UNION ALL SELECT excerpt, 'witness', s.witness, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM which JOIN excerpt e ON e.id = excerpt JOIN sources s ON s.source = e.source WHERE s.witness IS NOT NULL
  UNION ALL SELECT excerpt, 'speaker', j.value, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM which JOIN excerpt e ON e.id = excerpt JOIN json_each(e.speakers) j
  UNION ALL SELECT excerpt, 'source', e.source, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, e.locator
  FROM which JOIN excerpt e ON e.id = excerpt
)
SELECT excerpt, e.source, e.start, e."end", e.paragraph, e.quote, link, target, line, strength, stated, lowered, status,
  reason, coder, date, link.locator
FROM link JOIN excerpt e ON e.id = link.excerpt
ORDER BY e.source, e.start, e."end", link, target, line, coder, date, link.locator
