// All codings: the twin of codings.rq, with its parameters and columns.

MATCH (x:Coding {study: $study})-[:WITH_CODE]->(c:Code)
MATCH (x)-[:CODES]->(e:Excerpt)-[:IN_SOURCE]->(s:Source)
MATCH (x)-[:MADE_BY]->(who:Coder)
OPTIONAL MATCH (c)-[:BROADER*0..]->(f:Code {level: 'selective'})
RETURN s.id AS source, e.paragraph AS paragraph, e.start AS start, e.id AS excerpt, c.id AS code, f.id AS family,
       who.id AS coder, toString(x.created) AS date
ORDER BY source, start, excerpt, code, coder, date
