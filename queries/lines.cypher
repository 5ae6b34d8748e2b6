// Evidence lines: the twin of lines.rq, with its parameters and columns.

MATCH (l:EvidenceLine {study: $study})
RETURN 'line' AS kind, l.id AS id, l.rationale AS label, null AS label_zh
ORDER BY id
