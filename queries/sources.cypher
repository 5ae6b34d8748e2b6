// Sources: the twin of sources.rq, with its parameters and columns.

MATCH (s:Source {study: $study})
OPTIONAL MATCH (s)-[:IN_CASE]->(case:Case)
OPTIONAL MATCH (s)-[:CITES]->(r:Reference)
RETURN s.id AS source, s.title AS title, s.role AS role, case.id AS case, s.language AS language, r.id AS reference,
       s.witness AS witness
ORDER BY source
