// Concepts, claims and quotes: the twin of concept-coverage.rq, with its parameters and columns.

MATCH (c:Concept {study: $study})
OPTIONAL MATCH (c)<-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]-(p:Proposition)
WITH c, count(DISTINCT p) AS claims
OPTIONAL MATCH (c)<-[:INDICATES]-(:Code)<-[:BROADER*0..]-(:Code)<-[:WITH_CODE]-(:Coding)-[:CODES]->(e:Excerpt)-[:IN_SOURCE]->(s:Source)
WHERE s.role <> 'theory'
RETURN c.id AS concept, c.label AS label, claims, count(DISTINCT e) AS excerpts
ORDER BY concept
