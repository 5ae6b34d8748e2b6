MATCH (c:Code {study: $study})
WITH c ORDER BY c.id
MATCH (c)<-[:WITH_CODE]-()-[:CODES]->(e)
WITH e, collect(DISTINCT c.id) AS codes
WHERE size(codes) > 1
UNWIND range(0, size(codes) - 2) AS i
UNWIND codes[i + 1..] AS other
RETURN codes[i] AS code, other, count(*) AS excerpts
ORDER BY excerpts DESC, code, other
