// What a code is: the twin of code.rq, with its parameters and columns.

CALL {
  MATCH (c:Code {study: $study, id: $id})
  WHERE c.definition IS NOT NULL
  RETURN 'definition' AS property, c.definition AS value, null AS target
  UNION ALL
  MATCH (c:Code {study: $study, id: $id})
  WHERE c.include IS NOT NULL
  RETURN 'include' AS property, c.include AS value, null AS target
  UNION ALL
  MATCH (c:Code {study: $study, id: $id})
  WHERE c.exclude IS NOT NULL
  RETURN 'exclude' AS property, c.exclude AS value, null AS target
  UNION ALL
  MATCH (c:Code {study: $study, id: $id})
  RETURN 'level' AS property, c.level AS value, null AS target
  UNION ALL
  MATCH (c:Code {study: $study, id: $id})-[:BROADER]->(b:Code)
  RETURN 'broader' AS property, b.id AS value, 'code' AS target
  UNION ALL
  MATCH (c:Code {study: $study, id: $id})<-[:BROADER]-(n:Code)
  RETURN 'narrower' AS property, n.id AS value, 'code' AS target
  UNION ALL
  MATCH (c:Code {study: $study, id: $id})-[:INDICATES]->(concept:Concept)
  RETURN 'indicates' AS property, concept.id AS value, 'concept' AS target
}
RETURN property, value, target
ORDER BY property, value
