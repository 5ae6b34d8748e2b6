// Co-occurrence of codes: the twin of code-co-occurrence.rq, with its parameters and columns.

MATCH (c:Code {study: $study})<-[:WITH_CODE]-(:Coding)-[:CODES]->(e:Excerpt)
WITH e, collect(DISTINCT c.id) AS codes
WHERE size(codes) > 1
UNWIND codes AS code
UNWIND codes AS other
WITH e, code, other
WHERE code < other
RETURN code, other, count(e) AS excerpts
ORDER BY excerpts DESC, code, other
