MATCH (:Case {study: $study, id: $id})<-[:IN_CASE]-(e:Excerpt)
MATCH (e)-[:IN_SOURCE]->(s)
WITH e, s.id AS source, e.start AS start, e.end AS `end`
CALL (e, source) {
  MATCH (e)<-[:CODES]-(a)-[:WITH_CODE]->(t), (a)-[:MADE_BY]->(who)
  RETURN 'coded' AS link, t.id AS target, null AS line, null AS strength, null AS stated, null AS lowered, null AS status,
         a.memo AS reason, who.id AS coder, toString(a.created) AS date, null AS locator
  UNION ALL
  MATCH (e)<-[:RESTS_ON]-(a)<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]-(t), (a)-[:MADE_BY]->(who)
  RETURN a.stance AS link, t.id AS target, a.id AS line, a.strength AS strength, a.statedStrength AS stated,
         a.loweredBy AS lowered, a.status AS status, a.rationale AS reason, who.id AS coder, toString(a.created) AS date, null AS locator
  UNION ALL
  MATCH (e)<-[:STATED_IN]-(a)-[:ASSERTS]->(t), (a)-[:MADE_BY]->(who)
  RETURN 'asserts' AS link, t.id AS target, null AS line, null AS strength, null AS stated, null AS lowered, null AS status,
         null AS reason, who.id AS coder, toString(a.created) AS date, null AS locator
  UNION ALL
  MATCH (e)-[:CITES]->(t)
  OPTIONAL MATCH (e)-[:HAS_CITATION]->(c)-[:OF_REFERENCE]->(t)
  RETURN 'cites' AS link, t.id AS target, null AS line, null AS strength, null AS stated, null AS lowered, null AS status,
         null AS reason, null AS coder, null AS date, c.locatorKind + ' ' + c.locator AS locator
  UNION ALL
  MATCH (e)-[:IN_CASE]->(t)
  RETURN 'case' AS link, t.id AS target, null AS line, null AS strength, null AS stated, null AS lowered, null AS status,
         null AS reason, null AS coder, null AS date, null AS locator
  UNION ALL
  RETURN 'source' AS link, source AS target, null AS line, null AS strength, null AS stated, null AS lowered, null AS status,
         null AS reason, null AS coder, null AS date, e.locatorKind + ' ' + e.locator AS locator
}
RETURN e.id AS excerpt, source, start, `end`, e.paragraph AS paragraph, e.quote AS quote,
       link, target, line, strength, stated, lowered, status, reason, coder, date, locator
ORDER BY source, start, `end`, link, target, line, coder, date, locator
