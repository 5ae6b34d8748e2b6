// Passages with two codes: the twin of passages-with-codes.rq, with its parameters and columns.

MATCH (c:Code {study: $study, id: $code})<-[:WITH_CODE]-(:Coding)-[:CODES]->(e:Excerpt)
MATCH (e)<-[:CODES]-(:Coding)-[:WITH_CODE]->(:Code {study: $study, id: $other})
WITH DISTINCT e
MATCH (e)-[:IN_SOURCE]->(s:Source)
RETURN e.id AS excerpt, s.id AS source, e.start AS start, e.end AS end, e.quote AS quote
ORDER BY source, start, end
