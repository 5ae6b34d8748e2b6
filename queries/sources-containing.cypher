// Sources that contain a text: the twin of sources-containing.rq, with its parameters and columns.

MATCH (s:Source {study: $study})
WHERE toLower(s.text) CONTAINS toLower($text)
RETURN s.id AS source, s.title AS title, s.text AS whole
ORDER BY source
