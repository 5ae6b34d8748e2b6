MATCH (c:Code {study: $study, id: $id})
CALL (c) {
  UNWIND [['definition', c.definition], ['include', c.include], ['exclude', c.exclude], ['level', c.level]] AS x
  WITH x WHERE x[1] IS NOT NULL
  RETURN x[0] AS property, x[1] AS value, null AS target
  UNION ALL MATCH (c)-[:BROADER]->(b) RETURN 'broader' AS property, b.id AS value, 'code' AS target
  UNION ALL MATCH (c)<-[:BROADER]-(n) RETURN 'narrower' AS property, n.id AS value, 'code' AS target
  UNION ALL MATCH (c)-[:INDICATES]->(k) RETURN 'indicates' AS property, k.id AS value, 'concept' AS target
}
RETURN property, value, target
ORDER BY property, value
