// Sources by reference: the twin of sources-by-reference.rq, with its parameters and columns.

CALL {
  MATCH (r:Reference {study: $study})<-[:CITES]-(e:Excerpt)-[:IN_SOURCE]->(s)
  RETURN r, s, count(DISTINCT e) AS passages, 0 AS stated
  UNION ALL
  MATCH (p:Proposition {study: $study})-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY|ASSERTS]-(x)
  WHERE x:Assertion OR x.status = 'active'
  MATCH (x)-[:STATED_IN|RESTS_ON]->(e)
  WITH DISTINCT p, e
  MATCH (r)<-[:CITES]-(e)-[:IN_SOURCE]->(s)
  RETURN r, s, 0 AS passages, count(DISTINCT p) AS stated
}
WITH r, s, sum(passages) AS excerpts, sum(stated) AS claims
RETURN r.id AS reference, r.title AS title, s.id AS source, excerpts, claims
ORDER BY reference, source
