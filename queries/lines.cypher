// Evidence lines: the twin of lines.rq, with its parameters and columns.

CALL {
  MATCH (l:EvidenceLine {study: $study})
  RETURN l
  UNION ALL
  MATCH (l:UncountedLine {study: $study})
  RETURN l
}
RETURN 'line' AS kind, l.id AS id, l.rationale AS label, null AS label_zh
ORDER BY id
