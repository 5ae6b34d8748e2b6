// Records by kind: the twin of records.rq, with its parameters and columns.

CALL {
  MATCH (n:Proposition {study: $study})
  RETURN 'proposition' AS kind, n.id AS id, n.statement AS label, n.statementZh AS label_zh
  UNION ALL
  MATCH (n:OpenQuestion {study: $study})
  RETURN 'question' AS kind, n.id AS id, n.question AS label, n.questionZh AS label_zh
  UNION ALL
  MATCH (n:Code {study: $study})
  RETURN 'code' AS kind, n.id AS id, n.label AS label, n.labelZh AS label_zh
  UNION ALL
  MATCH (n:Case {study: $study})
  RETURN 'case' AS kind, n.id AS id, n.label AS label, n.labelZh AS label_zh
  UNION ALL
  MATCH (n:Source {study: $study})
  RETURN 'source' AS kind, n.id AS id, n.title AS label, n.titleZh AS label_zh
  UNION ALL
  MATCH (n:Reference {study: $study})
  RETURN 'reference' AS kind, n.id AS id, n.title AS label, n.titleZh AS label_zh
  UNION ALL
  MATCH (n:Coder {study: $study})
  RETURN 'coder' AS kind, n.id AS id, n.name AS label, n.nameZh AS label_zh
  UNION ALL
  MATCH (n:Author {study: $study})
  RETURN 'author' AS kind, n.id AS id, n.name AS label, n.nameZh AS label_zh
  UNION ALL
  MATCH (n:Relation {study: $study})
  RETURN 'relation' AS kind, n.id AS id, n.label AS label, n.labelZh AS label_zh
  UNION ALL
  MATCH (n:Concept {study: $study})
  RETURN 'concept' AS kind, n.id AS id, n.label AS label, n.labelZh AS label_zh
  UNION ALL
  MATCH (n:Search {study: $study})
  RETURN 'search' AS kind, n.id AS id, n.note AS label, n.noteZh AS label_zh
}
RETURN kind, id, label, label_zh
ORDER BY kind, id
