// What a concept is: the twin of concept.rq, with its parameters and columns.

CALL {
  MATCH (c:Concept {study: $study, id: $concept})
  UNWIND coalesce(c.kinds, []) AS value
  RETURN 'kind' AS property, value
  UNION
  MATCH (c:Concept {study: $study, id: $concept})-[:BROADER]->(b:Concept)
  RETURN 'broader' AS property, b.id AS value
  UNION
  MATCH (c:Concept {study: $study, id: $concept})<-[:BROADER]-(n:Concept)
  RETURN 'narrower' AS property, n.id AS value
  UNION
  MATCH (c:Concept {study: $study, id: $concept})-[:RELATED]->(r:Concept)
  RETURN 'related' AS property, r.id AS value
  UNION
  MATCH (c:Concept {study: $study, id: $concept})
  WHERE c.definition IS NOT NULL
  RETURN 'definition' AS property, c.definition AS value
  UNION
  MATCH (c:Concept {study: $study, id: $concept})
  WHERE c.source IS NOT NULL
  RETURN 'source' AS property, c.source AS value
  UNION
  MATCH (c:Concept {study: $study, id: $concept})<-[:INDICATES]-(k:Code)
  RETURN 'code' AS property, k.id AS value
}
RETURN property, value
ORDER BY property, value
