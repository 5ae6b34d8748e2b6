CALL () {
  MATCH (:Proposition {study: $study, id: $id}) RETURN 'proposition' AS kind
  UNION ALL MATCH (:Concept {study: $study, id: $id}) RETURN 'concept' AS kind
  UNION ALL MATCH (:Code {study: $study, id: $id}) RETURN 'code' AS kind
  UNION ALL MATCH (:Source {study: $study, id: $id}) RETURN 'source' AS kind
  UNION ALL MATCH (:Reference {study: $study, id: $id}) RETURN 'reference' AS kind
  UNION ALL MATCH (:Case {study: $study, id: $id}) RETURN 'case' AS kind
  UNION ALL MATCH (:EvidenceLine {study: $study, id: $id}) RETURN 'line' AS kind
  UNION ALL MATCH (:Coder {study: $study, id: $id}) RETURN 'coder' AS kind
  UNION ALL MATCH (:OpenQuestion {study: $study, id: $id}) RETURN 'question' AS kind
  UNION ALL MATCH (:Search {study: $study, id: $id}) RETURN 'search' AS kind
  UNION ALL MATCH (:Relation {study: $study, id: $id}) RETURN 'relation' AS kind
  UNION ALL MATCH (:Excerpt {study: $study, id: $id}) RETURN 'excerpt' AS kind
}
RETURN kind
ORDER BY kind
