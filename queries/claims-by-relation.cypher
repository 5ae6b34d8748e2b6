// Propositions by relation and object: the twin of claims-by-relation.rq, with its parameters and columns.

MATCH (o:Concept {study: $study, id: $concept})<-[:HAS_OBJECT]-(p:Proposition)-[:HAS_RELATION]->(r:Relation {id: $relation})
MATCH (p)-[:HAS_SUBJECT]->(s:Concept)
OPTIONAL MATCH (p)-[:IN_STAGE]->(stage:Concept)
RETURN DISTINCT p.id AS claim, p.kind AS kind, p.statement AS statement, p.statementZh AS statement_zh,
       s.id AS subject, r.id AS relation, o.id AS object, stage.id AS stage, p.scope AS scope
ORDER BY claim
