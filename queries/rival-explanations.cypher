// Rival explanations: the twin of rival-explanations.rq, with its parameters and columns.

MATCH (c:Code {study: $study})
WHERE NOT EXISTS { (c)<-[:WITH_CODE]-()-[:CODES]->()<-[:RESTS_ON]-() }
MATCH (c)<-[:WITH_CODE]-()-[:CODES]->(e)-[:IN_SOURCE]->(s)
WHERE s.role <> 'theory'
WITH c, count(DISTINCT e) AS excerpts
RETURN c.id AS code, c.label AS label, c.definition AS definition, excerpts
ORDER BY excerpts DESC, code
