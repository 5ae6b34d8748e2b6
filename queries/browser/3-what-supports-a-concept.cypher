// 3. What supports a concept: change the word in quotation marks
MATCH (c:Concept {study: $study}) WHERE toLower(c.label) = toLower('transparency') OR c.labelZh = '透明性'
MATCH (p:Proposition)-[:HAS_SUBJECT|HAS_OBJECT]->(c)
MATCH (p)-[:SUPPORTED_BY]->(l:EvidenceLine)-[:RESTS_ON]->(e:Excerpt)-[:IN_SOURCE]->(s:Source)
RETURN p.id AS claim, l.strength AS strength, e.quote AS quote, s.title AS source, l.rationale AS because
ORDER BY claim, strength, quote;
