// Codes by source: the twin of codes-by-source.rq, with its parameters and columns.

MATCH (c:Code {study: $study})<-[:WITH_CODE]-(:Coding)-[:CODES]->(e:Excerpt)-[:IN_SOURCE]->(s:Source)
WITH c, s, count(DISTINCT e) AS excerpts
OPTIONAL MATCH (s)-[:IN_CASE]->(k:Case)
RETURN c.id AS code, s.id AS source, k.id AS case, excerpts
ORDER BY code, source
