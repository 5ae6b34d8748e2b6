CALL () {
  MATCH (p:Proposition {study: $study})-[:IN_STAGE]->(s)
  RETURN DISTINCT s, p, 'holds in' AS how
  UNION ALL
  CALL () {
    MATCH (:Concept {study: $study, id: 'co-creation-process'})<-[:BROADER]-(s) RETURN s
    UNION
    MATCH (s:Concept {study: $study}) WHERE EXISTS { (s)<-[:IN_STAGE]-() } RETURN s
  }
  MATCH (s)<-[:HAS_SUBJECT|HAS_OBJECT]-(p)
  RETURN DISTINCT s, p, 'is about' AS how
}
RETURN s.id AS stage, p.id AS claim, p.statement AS statement, how
ORDER BY stage, claim, how
