// Concepts, claims and quotes: the twin of concept-coverage.rq, with its parameters and columns.

// Passages of the theory's own text are few, so they are found first and taken away, instead of asking every passage for its source.
OPTIONAL MATCH (:Source {study: $study, role: 'theory'})<-[:IN_SOURCE]-(e:Excerpt)
WITH collect(e) AS theory
MATCH (c:Concept {study: $study})
CALL {
  WITH c, theory
  MATCH (c)<-[:INDICATES]-()<-[:BROADER*0..]-(code)
  WITH DISTINCT code, theory
  MATCH (code)<-[:WITH_CODE]-()-[:CODES]->(e)
  WITH DISTINCT e, theory WHERE NOT e IN theory
  RETURN count(e) AS excerpts
}
RETURN c.id AS concept, c.label AS label, COUNT { MATCH (c)<-[:HAS_SUBJECT|HAS_OBJECT|IN_STAGE]-(p) RETURN DISTINCT p } AS claims, excerpts
ORDER BY concept
