// Coders: the twin of coders.rq, with its parameters and columns.

MATCH (c:Coder {study: $study})
RETURN c.id AS coder, c.name AS name, c.kind AS kind, c.orcid AS orcid, c.version AS version, c.note AS note
ORDER BY coder
