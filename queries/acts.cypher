// Who did what when: the twin of acts.rq, with its parameters and columns.

CALL {
  MATCH (s:Source {study: $study})<-[:IN_SOURCE]-(:Excerpt)<-[:CODES]-(x)-[:MADE_BY]->(who)
  RETURN x.created AS day, who, s, 'coding' AS act, count(x) AS number
  UNION ALL
  MATCH (x:Assertion {study: $study})-[:STATED_IN]->()-[:IN_SOURCE]->(s), (x)-[:MADE_BY]->(who)
  RETURN x.created AS day, who, s, 'assertion' AS act, count(x) AS number
  UNION ALL
  MATCH (:Proposition {study: $study})-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY|NOT_COUNTED]->(x)-[:RESTS_ON|RESTED_ON]->()-[:IN_SOURCE]->(s)
  WITH DISTINCT x, s
  MATCH (x)-[:MADE_BY]->(who)
  RETURN x.created AS day, who, s, 'evidence line' AS act, count(x) AS number
  UNION ALL
  MATCH (x:Reading {study: $study})-[:OF_LINE]->()-[:RESTS_ON|RESTED_ON]->()-[:IN_SOURCE]->(s)
  WITH DISTINCT x, s
  MATCH (x)-[:MADE_BY]->(who)
  RETURN x.created AS day, who, s, 'reading' AS act, count(x) AS number
  UNION ALL
  MATCH (x:Settlement {study: $study})-[:IN_SOURCE]->(s), (x)-[:MADE_BY]->(who)
  RETURN x.created AS day, who, s, 'settlement' AS act, count(x) AS number
  UNION ALL
  MATCH (x:UncodedParagraph {study: $study})-[:IN_SOURCE]->(s), (x)-[:MADE_BY]->(who)
  RETURN x.created AS day, who, s, 'memo' AS act, count(x) AS number
  UNION ALL
  MATCH (x:ConfidenceAssessment {study: $study})-[:MADE_BY]->(who)
  RETURN x.created AS day, who, null AS s, 'confidence' AS act, 1 AS number
  UNION ALL
  MATCH (x:Concern {study: $study})-[:MADE_BY]->(who)
  RETURN x.created AS day, who, null AS s, 'confidence' AS act, 1 AS number
  UNION ALL
  MATCH (x:Search {study: $study})-[:MADE_BY]->(who)
  RETURN x.created AS day, who, null AS s, 'search' AS act, count(x) AS number
}
WITH toString(day) AS date, who.id AS coder, s.id AS source, act, sum(number) AS number
RETURN date, coder, source, act, number
ORDER BY date, coder, coalesce(source, ''), act
