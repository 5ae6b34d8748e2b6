// Sources by reference: the twin of sources-by-reference.rq, with its parameters and columns.

MATCH (r:Reference {study: $study})<-[:CITES]-(e:Excerpt)-[:IN_SOURCE]->(s:Source)
OPTIONAL MATCH (e)<-[:STATED_IN]-(:Assertion)-[:ASSERTS]->(stated:Proposition)
OPTIONAL MATCH (e)<-[:RESTS_ON]-(:EvidenceLine {status: 'active'})<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]-(weighed:Proposition)
WITH r, s, count(DISTINCT e) AS excerpts, collect(DISTINCT stated) AS stated, collect(DISTINCT weighed) AS weighed
RETURN r.id AS reference, r.title AS title, s.id AS source, excerpts,
       size(stated) + size([p IN weighed WHERE NOT p IN stated]) AS claims
ORDER BY reference, source
