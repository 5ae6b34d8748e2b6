MATCH (s:Source {study: $study})
OPTIONAL MATCH (s)-[:IN_CASE]->(c)
RETURN s.id AS source, s.title AS title, s.role AS role, c.id AS case, s.language AS language
ORDER BY source
