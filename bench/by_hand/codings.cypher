MATCH (s:Source {study: $study})<-[:IN_SOURCE]-(e:Excerpt)
WITH e, s.id AS source, e.start AS start, e.id AS excerpt
ORDER BY source, start, excerpt
MATCH (e)<-[:CODES]-(x)-[:WITH_CODE]->(c), (x)-[:MADE_BY]->(who)
OPTIONAL MATCH (c)-[:BROADER*0..]->(f:Code {level: 'selective'})
RETURN source, e.paragraph AS paragraph, start, excerpt, c.id AS code, f.id AS family,
       who.id AS coder, toString(x.created) AS date
ORDER BY source, start, excerpt, code, coder, date
