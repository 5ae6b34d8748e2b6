MATCH (r:Reference {study: $study})
RETURN r.id AS reference, r.cslJson AS csl
ORDER BY reference
