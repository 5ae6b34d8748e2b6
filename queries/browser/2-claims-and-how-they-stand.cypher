// 2. Claims and how they stand
MATCH (p:Proposition {study: $study})
RETURN p.id AS claim, p.statement AS statement,
       COUNT { (p)-[:SUPPORTED_BY]->(:EvidenceLine {status: 'active'}) } AS supports,
       COUNT { (p)-[:OPPOSED_BY]->(:EvidenceLine {status: 'active'}) } AS opposes,
       COUNT { (p)-[:QUALIFIED_BY]->(:EvidenceLine {status: 'active'}) } AS qualifies
ORDER BY claim;
