// 5. Trace a claim to its publications, as a picture
MATCH (p:Proposition {study: $study}) WITH p ORDER BY COUNT { (p)-->(:EvidenceLine) } DESC, p.id LIMIT 1
MATCH path = (p)-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]->(:EvidenceLine)-[:RESTS_ON]->(:Excerpt)-[:CITES]->(:Reference)
RETURN path;
