WITH toLower($text) AS text
MATCH (s:Source {study: $study}) WHERE toLower(s.text) CONTAINS text
RETURN s.id AS source, s.title AS title, s.text AS whole
ORDER BY source
