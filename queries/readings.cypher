// Readings of evidence lines: the twin of readings.rq, with its parameters and columns.

MATCH (r:Reading {study: $study})-[:OF_LINE]->(l)
MATCH (r)-[:MADE_BY]->(who:Coder)
RETURN l.id AS line, who.id AS coder, toString(r.created) AS date, r.stance AS stance, r.strength AS strength,
       toString(r.alone) AS alone, toString(r.settles) AS settles, r.reason AS reason
ORDER BY line, settles, date, coder
