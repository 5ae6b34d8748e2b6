WITH toLower($text) AS text
MATCH (e:Excerpt) WHERE e.study = $study AND e.id IS NOT NULL AND toLower(e.quote) CONTAINS text
MATCH (e)-[:IN_SOURCE]->(s)
RETURN e.id AS excerpt, s.id AS source, e.start AS start, e.end AS `end`, e.quote AS quote
ORDER BY source, start, `end`
