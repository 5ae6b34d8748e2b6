MATCH (c:Concept {study: $study, id: $concept})
CALL (c) {
  UNWIND [['definition', c.definition], ['source', c.source]] + [kind IN coalesce(c.kinds, []) | ['kind', kind]] AS x
  WITH x WHERE x[1] IS NOT NULL
  RETURN x[0] AS property, x[1] AS value
  UNION ALL MATCH (c)-[:BROADER]->(n) RETURN 'broader' AS property, n.id AS value
  UNION ALL MATCH (c)<-[:BROADER]-(n) RETURN 'narrower' AS property, n.id AS value
  UNION ALL MATCH (c)-[:RELATED]->(n) RETURN 'related' AS property, n.id AS value
  UNION ALL MATCH (c)<-[:INDICATES]-(n) RETURN 'code' AS property, n.id AS value
}
RETURN DISTINCT property, value
ORDER BY property, value
