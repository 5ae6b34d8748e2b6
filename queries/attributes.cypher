// Attributes: the twin of attributes.rq, with its parameters and columns.

MATCH (a:Attribute {study: $study})
OPTIONAL MATCH (a)<-[:OF_ATTRIBUTE]-(v:AttributeValue)<-[:HAS_VALUE]-(it)
WITH a, v, it, CASE WHEN it:Case THEN 'case' WHEN it:Source THEN 'source' END AS kind
RETURN a.id AS attribute, a.label AS label, a.labelZh AS label_zh, a.type AS type, kind, it.id AS record, v.value AS value
ORDER BY attribute, coalesce(kind, ''), coalesce(record, '')
