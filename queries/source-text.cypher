// The text of a source: the twin of source-text.rq, with its parameters and columns.

MATCH (s:Source {study: $study, id: $id})
RETURN s.text AS whole
