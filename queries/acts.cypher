// Who did what when: the twin of acts.rq, with its parameters and columns.

CALL {
  MATCH (x:Coding {study: $study})-[:MADE_BY]->(who:Coder)
  MATCH (x)-[:CODES]->(:Excerpt)-[:IN_SOURCE]->(s:Source)
  RETURN toString(x.created) AS date, who.id AS coder, s.id AS source, 'coding' AS act, count(DISTINCT x) AS number
  UNION ALL
  MATCH (x:Assertion {study: $study})-[:MADE_BY]->(who:Coder)
  MATCH (x)-[:STATED_IN]->(:Excerpt)-[:IN_SOURCE]->(s:Source)
  RETURN toString(x.created) AS date, who.id AS coder, s.id AS source, 'assertion' AS act, count(DISTINCT x) AS number
  UNION ALL
  MATCH (x:EvidenceLine {study: $study})-[:MADE_BY]->(who:Coder)
  MATCH (x)-[:RESTS_ON]->(:Excerpt)-[:IN_SOURCE]->(s:Source)
  RETURN toString(x.created) AS date, who.id AS coder, s.id AS source, 'evidence line' AS act, count(DISTINCT x) AS number
  UNION ALL
  MATCH (x:Settlement {study: $study})-[:MADE_BY]->(who:Coder)
  MATCH (x)-[:IN_SOURCE]->(s:Source)
  RETURN toString(x.created) AS date, who.id AS coder, s.id AS source, 'settlement' AS act, count(DISTINCT x) AS number
  UNION ALL
  MATCH (x:UncodedParagraph {study: $study})-[:MADE_BY]->(who:Coder)
  MATCH (x)-[:IN_SOURCE]->(s:Source)
  RETURN toString(x.created) AS date, who.id AS coder, s.id AS source, 'memo' AS act, count(DISTINCT x) AS number
  UNION ALL
  MATCH (x:Search {study: $study})-[:MADE_BY]->(who:Coder)
  RETURN toString(x.created) AS date, who.id AS coder, null AS source, 'search' AS act, count(DISTINCT x) AS number
}
RETURN date, coder, source, act, number
ORDER BY date, coder, coalesce(source, ''), act
