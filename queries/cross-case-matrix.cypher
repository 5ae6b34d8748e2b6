// Cross-case matrix: the twin of cross-case-matrix.rq, with its parameters and columns.

MATCH (p:Proposition {study: $study})-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]->(l:EvidenceLine)-[:RESTS_ON]->(e:Excerpt)-[:IN_CASE]->(c:Case)
RETURN p.id AS claim, c.id AS case, l.stance AS stance, count(DISTINCT l) AS lines, count(DISTINCT e) AS excerpts
ORDER BY claim, case, stance
