// Propositions about a concept: the twin of claims-about-concept.rq, with its parameters and columns.

MATCH (c:Concept {study: $study, id: $concept})
MATCH (c)<-[:BROADER*0..]-(:Concept)<-[:RELATED*0..1]-(near:Concept)<-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]-(p:Proposition)
WITH DISTINCT p
MATCH (s:Concept)<-[:HAS_SUBJECT]-(p)-[:HAS_OBJECT]->(o:Concept)
MATCH (p)-[:HAS_RELATION]->(r:Relation)
OPTIONAL MATCH (p)-[:IN_STAGE]->(stage:Concept)
RETURN DISTINCT p.id AS claim, p.kind AS kind, p.statement AS statement, p.statementZh AS statement_zh,
       s.id AS subject, r.id AS relation, o.id AS object, stage.id AS stage, p.scope AS scope
ORDER BY claim
