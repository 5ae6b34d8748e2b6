// All evidence: the twin of evidence.rq, with its parameters and columns.

MATCH (p:Proposition {study: $study})-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY|NOT_COUNTED]->(l)
MATCH (l)-[:MADE_BY]->(who:Coder)
MATCH (l)-[:RESTS_ON|RESTED_ON]->(e:Excerpt)-[:IN_SOURCE]->(s:Source)
OPTIONAL MATCH (s)-[:IN_CASE]->(case:Case)
OPTIONAL MATCH (e)<-[:CODES]-(:Coding)-[:WITH_CODE]->(c:Code)
RETURN DISTINCT p.id AS claim, l.id AS line, l.stance AS stance, l.strength AS strength, l.status AS status,
       who.id AS coder, s.id AS source, case.id AS case, c.id AS code
ORDER BY claim, line, source, code
