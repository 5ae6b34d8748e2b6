// Propositions by stage: the twin of propositions-by-stage.rq, with its parameters and columns.

CALL {
  MATCH (stage:Concept {study: $study})<-[:IN_STAGE]-(p:Proposition)
  RETURN stage.id AS stage, p.id AS claim, p.statement AS statement, 'holds in' AS how
  UNION
  MATCH (:Concept {study: $study, id: 'co-creation-process'})<-[:BROADER]-(stage:Concept)<-[:HAS_SUBJECT|HAS_OBJECT]-(p:Proposition)
  RETURN stage.id AS stage, p.id AS claim, p.statement AS statement, 'is about' AS how
  UNION
  MATCH (:Proposition {study: $study})-[:IN_STAGE]->(stage:Concept)<-[:HAS_SUBJECT|HAS_OBJECT]-(p:Proposition)
  RETURN stage.id AS stage, p.id AS claim, p.statement AS statement, 'is about' AS how
}
RETURN stage, claim, statement, how
ORDER BY stage, claim, how
