// Confidence in claims: the twin of confidence.rq, with its parameters and columns.

CALL {
  MATCH (x:ConfidenceAssessment {study: $study})-[:ASSESSES]->(p:Proposition)
  RETURN x, p, 'overall' AS component, x.confidence AS level
  UNION ALL
  MATCH (x:Concern {study: $study})-[:PART_OF]->(:ConfidenceAssessment)-[:ASSESSES]->(p:Proposition)
  RETURN x, p, x.component AS component, x.concern AS level
}
MATCH (x)-[:MADE_BY]->(who:Coder)
RETURN p.id AS claim, component, level, x.reason AS reason, who.id AS coder, toString(x.created) AS date
ORDER BY claim, component
