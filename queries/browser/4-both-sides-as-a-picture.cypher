// 4. Both sides of the most disputed claim, as a picture
MATCH (p:Proposition {study: $study})-[:OPPOSED_BY]->(o:EvidenceLine)
WITH p, count(o) AS against ORDER BY against DESC, p.id LIMIT 1
MATCH path = (p)-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]->(:EvidenceLine)-[:RESTS_ON]->(:Excerpt)-[:IN_SOURCE]->(:Source)
RETURN path;
