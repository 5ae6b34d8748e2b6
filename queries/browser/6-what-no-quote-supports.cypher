// 6. What no quote supports
MATCH (p:Proposition {study: $study})
WHERE NOT EXISTS { (p)-[:SUPPORTED_BY]->(:EvidenceLine) }
RETURN p.id AS claim, p.statement AS statement, COUNT { (p)<-[:ABOUT]-(:Search) } AS `looked for in vain`
ORDER BY claim;
