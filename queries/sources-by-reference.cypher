// Sources by reference: the twin of sources-by-reference.rq, with its parameters and columns.

// By ids, not by nodes: ArcadeDB compares nodes one by one. A source either states or is evidence, so that no claim
// is counted twice.
CALL {
  MATCH (r:Reference {study: $study})<-[:CITES]-(e:Excerpt)-[:IN_SOURCE]->(s)
  RETURN r.id AS reference, r.title AS title, s.id AS source, count(DISTINCT e.id) AS passages, 0 AS stated
  UNION ALL
  MATCH (p:Proposition {study: $study})-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]->(:EvidenceLine {status: 'active'})-[:RESTS_ON]->(e)
  MATCH (r)<-[:CITES]-(e)-[:IN_SOURCE]->(s)
  RETURN r.id AS reference, r.title AS title, s.id AS source, 0 AS passages, count(DISTINCT p.id) AS stated
  UNION ALL
  MATCH (p:Proposition {study: $study})<-[:ASSERTS]-(:Assertion)-[:STATED_IN]->(e)
  MATCH (r)<-[:CITES]-(e)-[:IN_SOURCE]->(s)
  RETURN r.id AS reference, r.title AS title, s.id AS source, 0 AS passages, count(DISTINCT p.id) AS stated
}
RETURN reference, title, source, sum(passages) AS excerpts, sum(stated) AS claims
ORDER BY reference, source
