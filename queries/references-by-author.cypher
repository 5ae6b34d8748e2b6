// References by an author: the twin of references-by-author.rq, with its parameters and columns.

MATCH (:Author {study: $study, id: $author})<-[:WRITTEN_BY]-(r:Reference)
RETURN r.id AS reference, r.name AS name, r.title AS title
ORDER BY reference
