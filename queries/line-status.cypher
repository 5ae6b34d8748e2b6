// Status of one evidence line: the twin of line-status.rq, with its parameters and columns.

CALL {
  MATCH (l:EvidenceLine {study: $study, id: $line})
  RETURN l
  UNION ALL
  MATCH (l:UncountedLine {study: $study, id: $line})
  RETURN l
}
OPTIONAL MATCH (l)-[:REPLACED_BY]->(next)
RETURN l.status AS status, toString(l.statusDate) AS since, l.statusReason AS reason, next.id AS replaced_by
