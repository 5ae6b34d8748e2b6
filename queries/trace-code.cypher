// Trace of a code: the twin of trace-code.rq, with its parameters and columns.

MATCH (:Code {study: $study, id: $id})<-[:BROADER*0..]-(:Code)<-[:WITH_CODE]-(:Coding)-[:CODES]->(e:Excerpt)
WITH DISTINCT e
MATCH (e)-[:IN_SOURCE]->(s:Source)
CALL {
  WITH e
  MATCH (e)<-[:STATED_IN]-(a:Assertion)-[:ASSERTS]->(p:Proposition)
  MATCH (a)-[:MADE_BY]->(who:Coder)
  RETURN 'asserts' AS link, p.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, who.id AS coder, toString(a.created) AS date
  UNION ALL
  WITH e
  MATCH (e)<-[:CODES]-(a:Coding)-[:WITH_CODE]->(c:Code)
  MATCH (a)-[:MADE_BY]->(who:Coder)
  RETURN 'coded' AS link, c.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, a.memo AS reason, who.id AS coder, toString(a.created) AS date
  UNION ALL
  WITH e
  MATCH (e)<-[:RESTS_ON]-(l:EvidenceLine)<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]-(p:Proposition)
  MATCH (l)-[:MADE_BY]->(who:Coder)
  RETURN l.stance AS link, p.id AS target, l.id AS line, l.strength AS strength, l.statedStrength AS stated,
         l.loweredBy AS lowered, l.status AS status, l.rationale AS reason, who.id AS coder, toString(l.created) AS date
  UNION ALL
  WITH e
  MATCH (e)-[:CITES]->(r:Reference)
  RETURN 'cites' AS link, r.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, null AS coder, null AS date
  UNION ALL
  WITH e
  MATCH (e)-[:IN_CASE]->(c:Case)
  RETURN 'case' AS link, c.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, null AS coder, null AS date
  UNION ALL
  WITH e
  MATCH (e)-[:IN_SOURCE]->(o:Source)
  RETURN 'source' AS link, o.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, null AS coder, null AS date
}
RETURN e.id AS excerpt, s.id AS source, e.start AS start, e.end AS end, e.paragraph AS paragraph, e.quote AS quote,
       link, target, line, strength, stated, lowered, status, reason, coder, date
ORDER BY source, start, end, link, target, coalesce(line, ''), coalesce(coder, ''), coalesce(date, '')
