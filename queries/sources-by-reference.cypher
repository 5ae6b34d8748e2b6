// Sources by reference: the twin of sources-by-reference.rq, with its parameters and columns.

// A source either states or is evidence, so that no claim is counted twice. Every part begins at nodes with a label:
// from one without, ArcadeDB looks at every node of the graph for each passage.
CALL {
  MATCH (e:Excerpt {study: $study})-[:IN_SOURCE]->(s:Source)
  MATCH (e)-[:CITES]->(r:Reference)
  RETURN r, s, count(DISTINCT e) AS passages, 0 AS stated
  UNION ALL
  MATCH (p:Proposition {study: $study})-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]->(:EvidenceLine)-[:RESTS_ON]->(e:Excerpt)
  MATCH (e)-[:IN_SOURCE]->(s:Source)
  MATCH (e)-[:CITES]->(r:Reference)
  RETURN r, s, 0 AS passages, count(DISTINCT p) AS stated
  UNION ALL
  MATCH (p:Proposition {study: $study})<-[:ASSERTS]-(:Assertion)-[:STATED_IN]->(e:Excerpt)
  MATCH (e)-[:IN_SOURCE]->(s:Source)
  MATCH (e)-[:CITES]->(r:Reference)
  RETURN r, s, 0 AS passages, count(DISTINCT p) AS stated
}
WITH r, s, sum(passages) AS excerpts, sum(stated) AS claims
RETURN r.id AS reference, r.title AS title, s.id AS source, excerpts, claims
ORDER BY reference, source
