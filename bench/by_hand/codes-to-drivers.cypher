MATCH (:Concept {study: $study, id: 'driving-factor'})<-[:BROADER]-(d)<-[:INDICATES]-()<-[:BROADER*0..]-(c:Code)
WITH DISTINCT d, c
RETURN d.id AS driver, c.id AS code, c.level AS level, COUNT { (c)<-[:WITH_CODE]-() } AS codings
ORDER BY driver, code
