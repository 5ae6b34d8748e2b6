MATCH (p:Proposition {study: $study})
CALL (p) {
  MATCH (p)-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]->(l {status: 'active'})-[:RESTS_ON]->(e)-[:IN_CASE]->(c)
  RETURN c, l.stance AS stance, count(DISTINCT l) AS lines, count(DISTINCT e) AS excerpts
}
RETURN p.id AS claim, c.id AS case, stance, lines, excerpts
ORDER BY claim, case, stance
