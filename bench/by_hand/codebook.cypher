MATCH (c:Code {study: $study})
OPTIONAL MATCH (c)-[:BROADER]->(b)
OPTIONAL MATCH (c)-[:SHOWN_BY]->(e)
RETURN c.id AS code, c.label AS label, c.level AS level, c.paradigm AS paradigm, b.id AS broader, c.definition AS definition,
       c.include AS include, c.exclude AS exclude, e.quote AS anchor
ORDER BY code
