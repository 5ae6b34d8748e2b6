// 2. Claims and how they stand
MATCH (p:Proposition {study: $study})
RETURN p.id AS claim, p.statement AS statement,
       COUNT { (p)-[:SUPPORTED_BY]->(:EvidenceLine) } AS supports,
       COUNT { (p)-[:OPPOSED_BY]->(:EvidenceLine) } AS opposes,
       COUNT { (p)-[:QUALIFIED_BY]->(:EvidenceLine) } AS qualifies
ORDER BY claim;
