// Unsupported propositions: the twin of unsupported-propositions.rq, with its parameters and columns.

MATCH (p:Proposition {study: $study})
WHERE NOT EXISTS { (p)-[:SUPPORTED_BY]->(:EvidenceLine) }
RETURN p.id AS claim, p.statement AS statement,
       COUNT { (p)<-[:ASSERTS]-(:Assertion) } AS asserted,
       COUNT { (p)-[:OPPOSED_BY]->(:EvidenceLine) } AS opposes,
       COUNT { (p)-[:QUALIFIED_BY]->(:EvidenceLine) } AS qualifies,
       COUNT { (p)<-[:ABOUT]-(:Search) } AS searches
ORDER BY claim
