// Searches that found nothing: the twin of searches.rq, with its parameters and columns.

MATCH (s:Search {study: $study})-[:ABOUT]->(about)
MATCH (s)-[:MADE_BY]->(who:Coder)
OPTIONAL MATCH (s)-[:IN_CASE]->(case:Case)
OPTIONAL MATCH (s)-[:READ]->(source:Source)
RETURN s.id AS search, about.id AS about, case.id AS case, source.id AS source, s.note AS note, who.id AS coder, toString(s.created) AS date
ORDER BY search, about, coalesce(source, '')
