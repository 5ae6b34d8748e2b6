// References: the twin of references.rq, with its parameters and columns.

MATCH (r:Reference {study: $study})
RETURN r.id AS reference, r.name AS name, r.cslJson AS csl
ORDER BY reference
