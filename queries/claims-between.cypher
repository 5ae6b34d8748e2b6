// Propositions between two concepts: the twin of claims-between.rq, with its parameters and columns.

MATCH (c:Concept {study: $study, id: $concept}), (d:Concept {study: $study, id: $other})
MATCH (c)<-[:BROADER*0..]-(:Concept)<-[:RELATED*0..1]-(near:Concept)
WITH d, collect(DISTINCT near) AS nears
MATCH (d)<-[:BROADER*0..]-(:Concept)<-[:RELATED*0..1]-(far:Concept)
WITH nears, collect(DISTINCT far) AS fars
UNWIND nears AS near
MATCH (near)<-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]-(p:Proposition)-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]->(far:Concept)
WHERE far <> near AND far IN fars
WITH DISTINCT p
MATCH (s:Concept)<-[:HAS_SUBJECT]-(p)-[:HAS_OBJECT]->(o:Concept)
MATCH (p)-[:HAS_RELATION]->(r:Relation)
OPTIONAL MATCH (p)-[:IN_STAGE]->(stage:Concept)
RETURN DISTINCT p.id AS claim, p.kind AS kind, p.statement AS statement, p.statementZh AS statement_zh,
       s.id AS subject, r.id AS relation, o.id AS object, stage.id AS stage, p.scope AS scope
ORDER BY claim
