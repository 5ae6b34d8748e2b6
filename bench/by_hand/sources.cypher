MATCH (s:Source {study: $study})
OPTIONAL MATCH (s)-[:IN_CASE]->(c)
OPTIONAL MATCH (s)-[:CITES]->(r:Reference)
RETURN s.id AS source, s.title AS title, s.role AS role, c.id AS case, s.language AS language, r.id AS reference
ORDER BY source
