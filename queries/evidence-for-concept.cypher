// Evidence for and against a concept: the twin of evidence-for-concept.rq, with its parameters and columns.

MATCH (c:Concept {study: $study, id: $concept})
MATCH (c)<-[:BROADER*0..]-(:Concept)<-[:RELATED*0..1]-(near:Concept)<-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]-(p:Proposition)
WITH DISTINCT p
MATCH (p)-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY|NOT_COUNTED]->(l)-[:RESTS_ON|RESTED_ON]->(e:Excerpt)-[:IN_SOURCE]->(s:Source)
OPTIONAL MATCH (e)-[:IN_CASE]->(case:Case)
RETURN p.id AS claim, l.stance AS stance, l.strength AS strength, case.id AS case, l.id AS line, e.id AS excerpt,
       e.quote AS quote, s.id AS source, e.start AS start, e.end AS end, l.rationale AS rationale, l.status AS status
ORDER BY claim, stance, line, excerpt
