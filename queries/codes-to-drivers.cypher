// Codes to drivers: the twin of codes-to-drivers.rq, with its parameters and columns.

MATCH (:Concept {study: $study, id: 'driving-factor'})<-[:BROADER]-(d:Concept)<-[:INDICATES]-(:Code)<-[:BROADER*0..]-(c:Code)
WITH DISTINCT d, c
RETURN d.id AS driver, c.id AS code, c.level AS level, COUNT { (c)<-[:WITH_CODE]-(:Coding) } AS codings
ORDER BY driver, code
