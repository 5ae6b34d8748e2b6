MATCH (o:Concept {study: $study, id: $concept})<-[:HAS_OBJECT]-(p)-[:HAS_RELATION]->(r:Relation {id: $relation}), (p)-[:HAS_SUBJECT]->(s)
OPTIONAL MATCH (p)-[:IN_STAGE]->(stage)
RETURN p.id AS claim, p.kind AS kind, p.statement AS statement, p.statementZh AS statement_zh, s.id AS subject, r.id AS relation,
       o.id AS object, stage.id AS stage, p.scope AS scope
ORDER BY claim
