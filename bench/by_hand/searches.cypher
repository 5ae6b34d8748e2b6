MATCH (x:Search {study: $study})-[:ABOUT]->(a), (x)-[:MADE_BY]->(who)
OPTIONAL MATCH (x)-[:IN_CASE]->(c)
OPTIONAL MATCH (x)-[:READ]->(s)
RETURN x.id AS search, a.id AS about, c.id AS case, s.id AS source, x.note AS note, who.id AS coder, toString(x.created) AS date
ORDER BY search, about, source
