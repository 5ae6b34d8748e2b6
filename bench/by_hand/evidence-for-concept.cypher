MATCH (:Concept {study: $study, id: $concept})<-[:BROADER*0..]-(near)
CALL (near) { RETURN near AS about UNION ALL MATCH (near)<-[:RELATED]-(about) RETURN about }
WITH DISTINCT about
MATCH (about)<-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]-(p)
WITH DISTINCT p
MATCH (p)-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]->(l)-[:RESTS_ON]->(e)-[:IN_SOURCE]->(s)
OPTIONAL MATCH (e)-[:IN_CASE]->(c)
RETURN p.id AS claim, l.stance AS stance, l.strength AS strength, c.id AS case, l.id AS line, e.id AS excerpt,
       e.quote AS quote, s.id AS source, e.start AS start, e.end AS `end`, l.rationale AS rationale, l.status AS status
ORDER BY claim, stance, line, excerpt
