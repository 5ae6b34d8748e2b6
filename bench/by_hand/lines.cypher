MATCH (l:EvidenceLine)
WHERE l.study = $study AND l.id IS NOT NULL
RETURN 'line' AS kind, l.id AS id, l.rationale AS label, null AS label_zh
ORDER BY l.study, l.id
