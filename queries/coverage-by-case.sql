WITH passage (excerpt, "case") AS MATERIALIZED (
  SELECT e.id, s."case" FROM excerpt e JOIN sources s ON s.source = e.source WHERE s."case" IS NOT NULL
),
bearing (line, claim, stance, "case") AS MATERIALIZED (
  SELECT DISTINCT n.id, n.claim, n.stance, p."case" FROM passage p JOIN line_excerpt m ON m.excerpt = p.excerpt
  JOIN line n ON n.id = m.line WHERE n.status = 'active'
)
SELECT r.id AS "case", r.label,
  (SELECT count(*) FROM sources s WHERE s."case" = r.id) AS sources,
  (SELECT count(*) FROM passage p WHERE p."case" = r.id) AS excerpts,
  (SELECT count(*) FROM (SELECT DISTINCT excerpt, code, coder, date FROM coding) c
    JOIN passage p ON p.excerpt = c.excerpt WHERE p."case" = r.id) AS codings,
  (SELECT count(DISTINCT claim) FROM bearing b WHERE b."case" = r.id) AS claims,
  (SELECT count(*) FROM bearing b WHERE b."case" = r.id AND b.stance = 'supports') AS supports,
  (SELECT count(*) FROM bearing b WHERE b."case" = r.id AND b.stance = 'opposes') AS opposes,
  (SELECT count(*) FROM bearing b WHERE b."case" = r.id AND b.stance = 'qualifies') AS qualifies
FROM records r WHERE r.kind = 'case'
ORDER BY r.id
