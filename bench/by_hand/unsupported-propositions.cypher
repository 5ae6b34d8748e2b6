MATCH (p:Proposition {study: $study})
WHERE NOT EXISTS { (p)-[:SUPPORTED_BY]->({status: 'active'}) }
RETURN p.id AS claim, p.statement AS statement, COUNT { (p)<-[:ASSERTS]-() } AS asserted,
       COUNT { (p)-[:OPPOSED_BY]->({status: 'active'}) } AS opposes, COUNT { (p)-[:QUALIFIED_BY]->({status: 'active'}) } AS qualifies,
       COUNT { (p)<-[:ABOUT]-(:Search) } AS searches
ORDER BY claim
