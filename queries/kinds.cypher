// Kinds of an id: the twin of kinds.rq, with its parameters and columns.

CALL {
  MATCH (n:Proposition {study: $study, id: $id})
  RETURN 'proposition' AS kind
  UNION ALL
  MATCH (n:Concept {study: $study, id: $id})
  RETURN 'concept' AS kind
  UNION ALL
  MATCH (n:Code {study: $study, id: $id})
  RETURN 'code' AS kind
  UNION ALL
  MATCH (n:Source {study: $study, id: $id})
  RETURN 'source' AS kind
  UNION ALL
  MATCH (n:Reference {study: $study, id: $id})
  RETURN 'reference' AS kind
  UNION ALL
  MATCH (n:Case {study: $study, id: $id})
  RETURN 'case' AS kind
  UNION ALL
  MATCH (n:EvidenceLine {study: $study, id: $id})
  RETURN 'line' AS kind
  UNION ALL
  MATCH (n:UncountedLine {study: $study, id: $id})
  RETURN 'line' AS kind
  UNION ALL
  MATCH (n:Coder {study: $study, id: $id})
  RETURN 'coder' AS kind
  UNION ALL
  MATCH (n:OpenQuestion {study: $study, id: $id})
  RETURN 'question' AS kind
  UNION ALL
  MATCH (n:Search {study: $study, id: $id})
  RETURN 'search' AS kind
  UNION ALL
  MATCH (n:Relation {study: $study, id: $id})
  RETURN 'relation' AS kind
  UNION ALL
  MATCH (n:Author {study: $study, id: $id})
  RETURN 'author' AS kind
  UNION ALL
  MATCH (n:Excerpt {study: $study, id: $id})
  RETURN 'excerpt' AS kind
}
RETURN kind
ORDER BY kind
