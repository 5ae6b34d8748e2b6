MATCH (c:Coder {study: $study})
RETURN c.id AS coder, c.name AS name, c.note AS note
ORDER BY coder
