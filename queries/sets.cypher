// Sets: the twin of sets.rq, with its parameters and columns.

MATCH (s:Set {study: $study})
OPTIONAL MATCH (s)-[:HAS_MEMBER]->(it)
WITH s, it, CASE WHEN it:Code THEN 'code' WHEN it:Source THEN 'source' WHEN it:Case THEN 'case' END AS kind
RETURN s.id AS set, s.label AS label, s.labelZh AS label_zh, s.description AS description, kind, it.id AS member
ORDER BY set, coalesce(kind, ''), coalesce(member, '')
