CALL () {
  MATCH (n:Concept {study: $study}) RETURN n, 'concept' AS kind
  UNION ALL
  MATCH (n:Relation {study: $study}) RETURN n, 'relation' AS kind
  UNION ALL
  MATCH (n:Case {study: $study}) RETURN n, 'case' AS kind
}
UNWIND [[n.label, 'en', true], [n.labelZh, 'zh', true]]
     + [word IN coalesce(n.synonyms, []) + coalesce(n.synonymsZh, []) | [word, '', false]] AS name
WITH n.id AS id, kind, name[0] AS label, name[1] AS language, name[2] AS preferred
WHERE label IS NOT NULL
RETURN id, kind, label, language, preferred
ORDER BY kind, id, label, language
