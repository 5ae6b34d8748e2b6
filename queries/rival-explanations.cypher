// Rival explanations: the twin of rival-explanations.rq, with its parameters and columns.

MATCH (c:Code {study: $study})<-[:WITH_CODE]-(:Coding)-[:CODES]->(e:Excerpt)-[:IN_SOURCE]->(s:Source)
WHERE s.role <> 'theory'
WITH c, count(DISTINCT e) AS excerpts
WHERE NOT EXISTS { (c)<-[:WITH_CODE]-(:Coding)-[:CODES]->(:Excerpt)<-[:RESTS_ON]-(:EvidenceLine) }
RETURN c.id AS code, c.label AS label, c.definition AS definition, excerpts
ORDER BY excerpts DESC, code
