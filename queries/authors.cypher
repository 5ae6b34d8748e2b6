// Authors: the twin of authors.rq, with its parameters and columns.

MATCH (a:Author {study: $study})<-[:WRITTEN_BY]-(r:Reference)
RETURN a.id AS author, a.name AS name, a.kind AS kind, a.orcid AS orcid, count(r) AS references
ORDER BY author
