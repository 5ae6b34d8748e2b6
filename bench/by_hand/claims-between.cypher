MATCH (:Concept {study: $study, id: $concept})<-[:BROADER*0..]-(near)
CALL (near) { RETURN near AS a UNION ALL MATCH (near)<-[:RELATED]-(a) RETURN a }
WITH collect(DISTINCT a) AS nears
MATCH (:Concept {study: $study, id: $other})<-[:BROADER*0..]-(far)
CALL (far) { RETURN far AS b UNION ALL MATCH (far)<-[:RELATED]-(b) RETURN b }
WITH nears, collect(DISTINCT b) AS fars
UNWIND nears AS near
MATCH (near)<-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]-(p)-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]->(far)
WHERE far <> near AND far IN fars
WITH DISTINCT p
MATCH (p)-[:HAS_SUBJECT]->(s), (p)-[:HAS_RELATION]->(r), (p)-[:HAS_OBJECT]->(o)
OPTIONAL MATCH (p)-[:IN_STAGE]->(stage)
RETURN p.id AS claim, p.kind AS kind, p.statement AS statement, p.statementZh AS statement_zh, s.id AS subject, r.id AS relation,
       o.id AS object, stage.id AS stage, p.scope AS scope
ORDER BY claim
