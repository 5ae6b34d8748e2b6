// 7. Which claims rest on a publication
MATCH (r:Reference {study: $study})<-[:CITES]-(e:Excerpt)<-[:RESTS_ON]-(l:EvidenceLine)<--(p:Proposition)
RETURN r.id AS reference, r.title AS title, collect(DISTINCT p.id) AS claims, count(DISTINCT l) AS lines
ORDER BY lines DESC, reference LIMIT 25;
