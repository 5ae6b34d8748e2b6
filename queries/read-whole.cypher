// Sources read whole: the twin of read-whole.rq, with its parameters and columns.

MATCH (s:Source {study: $study})-[:READ_WHOLE_BY]->(who:Coder)
RETURN s.id AS source, who.id AS coder
ORDER BY source, coder
