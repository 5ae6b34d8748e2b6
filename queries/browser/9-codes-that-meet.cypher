// 9. Codes that meet in a passage, as a picture
MATCH (a:Code {study: $study})<-[:WITH_CODE]-(:Coding)-[:CODES]->(e:Excerpt)<-[:CODES]-(:Coding)-[:WITH_CODE]->(b:Code)
WHERE a.id < b.id
WITH a, b, collect(DISTINCT e) AS shared ORDER BY size(shared) DESC, a.id, b.id LIMIT 10
UNWIND shared AS e
RETURN a, b, e, [(e)<-[c:CODES]-(x:Coding)-[w:WITH_CODE]->(k) WHERE k IN [a, b] | [c, x, w]] AS links;
