// Labels and synonyms: the twin of labels.rq, with its parameters and columns.

CALL {
  MATCH (n:Relation {study: $study})
  WHERE n.label IS NOT NULL
  RETURN n.id AS id, 'relation' AS kind, n.label AS label, 'en' AS language, true AS preferred
  UNION ALL
  MATCH (n:Relation {study: $study})
  WHERE n.labelZh IS NOT NULL
  RETURN n.id AS id, 'relation' AS kind, n.labelZh AS label, 'zh' AS language, true AS preferred
  UNION ALL
  MATCH (n:Relation {study: $study})
  UNWIND coalesce(n.synonyms, []) + coalesce(n.synonymsZh, []) AS label
  RETURN n.id AS id, 'relation' AS kind, label, '' AS language, false AS preferred
  UNION ALL
  MATCH (n:Case {study: $study})
  WHERE n.label IS NOT NULL
  RETURN n.id AS id, 'case' AS kind, n.label AS label, 'en' AS language, true AS preferred
  UNION ALL
  MATCH (n:Case {study: $study})
  WHERE n.labelZh IS NOT NULL
  RETURN n.id AS id, 'case' AS kind, n.labelZh AS label, 'zh' AS language, true AS preferred
  UNION ALL
  MATCH (n:Case {study: $study})
  UNWIND coalesce(n.synonyms, []) + coalesce(n.synonymsZh, []) AS label
  RETURN n.id AS id, 'case' AS kind, label, '' AS language, false AS preferred
  UNION ALL
  MATCH (n:Concept {study: $study})
  WHERE n.label IS NOT NULL
  RETURN n.id AS id, 'concept' AS kind, n.label AS label, 'en' AS language, true AS preferred
  UNION ALL
  MATCH (n:Concept {study: $study})
  WHERE n.labelZh IS NOT NULL
  RETURN n.id AS id, 'concept' AS kind, n.labelZh AS label, 'zh' AS language, true AS preferred
  UNION ALL
  MATCH (n:Concept {study: $study})
  UNWIND coalesce(n.synonyms, []) + coalesce(n.synonymsZh, []) AS label
  RETURN n.id AS id, 'concept' AS kind, label, '' AS language, false AS preferred
}
RETURN id, kind, label, language, preferred
ORDER BY kind, id, label, language
