// Passages that contain a text: the twin of passages-containing.rq, with its parameters and columns.

MATCH (e:Excerpt {study: $study})-[:IN_SOURCE]->(s:Source)
WHERE toLower(e.quote) CONTAINS toLower($text)
RETURN e.id AS excerpt, s.id AS source, e.start AS start, e.end AS end, e.quote AS quote
ORDER BY source, start, end
