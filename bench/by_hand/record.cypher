CALL () {
  WITH * WHERE $kind = 'proposition' MATCH (n:Proposition {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'concept' MATCH (n:Concept {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'code' MATCH (n:Code {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'source' MATCH (n:Source {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'reference' MATCH (n:Reference {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'case' MATCH (n:Case {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'line' MATCH (n:EvidenceLine {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'coder' MATCH (n:Coder {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'question' MATCH (n:OpenQuestion {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'search' MATCH (n:Search {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'relation' MATCH (n:Relation {study: $study, id: $id}) RETURN n
  UNION ALL WITH * WHERE $kind = 'excerpt' MATCH (n:Excerpt {study: $study, id: $id}) RETURN n
}
CALL (n) {
  UNWIND [key IN keys(n) WHERE NOT key IN ['study', 'id', 'iri']] AS key
  WITH n[key] AS held, CASE WHEN key ENDS WITH 'Zh' THEN 'zh' ELSE '' END AS language,
       CASE WHEN key ENDS WITH 'Zh' THEN left(key, size(key) - 2) ELSE key END AS name
  UNWIND held AS value
  RETURN CASE name
           WHEN 'label' THEN CASE WHEN $kind = 'relation' THEN 'label' ELSE 'prefLabel' END
           WHEN 'synonyms' THEN 'altLabel' WHEN 'kinds' THEN 'kind' WHEN 'statement' THEN 'label' WHEN 'question' THEN 'label'
           WHEN 'name' THEN 'label' WHEN 'note' THEN 'comment' WHEN 'quote' THEN 'exact'
           WHEN 'include' THEN 'scopeNote' WHEN 'exclude' THEN 'exclusion' ELSE name
         END AS property, toString(value) AS value, language
  UNION ALL
  MATCH (n)-[r:HAS_SUBJECT|HAS_OBJECT|HAS_RELATION|IN_STAGE|BROADER|RELATED|INDICATES|SHOWN_BY|RESTS_ON|MADE_BY|REPLACED_BY|IN_SOURCE|CITES|IN_CASE|ABOUT|HAS_CANDIDATE|READ]->(m)
  RETURN CASE type(r)
           WHEN 'HAS_SUBJECT' THEN 'subject' WHEN 'HAS_OBJECT' THEN 'object' WHEN 'HAS_RELATION' THEN 'predicate' WHEN 'IN_STAGE' THEN 'stage'
           WHEN 'BROADER' THEN 'broader' WHEN 'RELATED' THEN 'related' WHEN 'INDICATES' THEN 'indicates' WHEN 'SHOWN_BY' THEN 'example'
           WHEN 'RESTS_ON' THEN 'excerpt' WHEN 'REPLACED_BY' THEN 'isReplacedBy' WHEN 'IN_SOURCE' THEN 'hasSource' WHEN 'CITES' THEN 'hadPrimarySource'
           WHEN 'IN_CASE' THEN CASE $kind WHEN 'search' THEN 'case' ELSE 'subject' END
           WHEN 'ABOUT' THEN 'subject' WHEN 'HAS_CANDIDATE' THEN 'candidate' WHEN 'READ' THEN 'used'
           WHEN 'MADE_BY' THEN CASE $kind WHEN 'line' THEN 'wasAttributedTo' ELSE 'wasAssociatedWith' END
         END AS property, m.id AS value, '' AS language
  UNION ALL
  MATCH (n)<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]-(p)
  RETURN 'proposition' AS property, p.id AS value, '' AS language
}
RETURN DISTINCT property, value, language
ORDER BY property, language, value
