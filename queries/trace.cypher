// The twin of trace.rq: one question for each kind of record that has passages, with its parameters and columns.

//[proposition] CALL {
//[proposition]   MATCH (:Proposition {study: $study, id: $id})<-[:ASSERTS]-(:Assertion)-[:STATED_IN]->(e:Excerpt)
//[proposition]   RETURN e
//[proposition]   UNION
//[proposition]   MATCH (:Proposition {study: $study, id: $id})-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY|NOT_COUNTED]->()-[:RESTS_ON|RESTED_ON]->(e:Excerpt)
//[proposition]   RETURN e
//[proposition] }
//[code] MATCH (:Code {study: $study, id: $id})<-[:BROADER*0..]-(:Code)<-[:WITH_CODE]-(:Coding)-[:CODES]->(e:Excerpt)
//[code] WITH DISTINCT e
//[source] MATCH (:Source {study: $study, id: $id})<-[:IN_SOURCE]-(e:Excerpt)
//[reference] MATCH (:Reference {study: $study, id: $id})<-[:CITES]-(e:Excerpt)
//[author] MATCH (:Author {study: $study, id: $id})<-[:WRITTEN_BY]-(:Reference)<-[:CITES]-(e:Excerpt)
//[author] WITH DISTINCT e
//[case] MATCH (:Case {study: $study, id: $id})<-[:IN_CASE]-(e:Excerpt)
//[line] CALL {
//[line]   MATCH (:EvidenceLine {study: $study, id: $id})-[:RESTS_ON]->(e:Excerpt)
//[line]   RETURN e
//[line]   UNION
//[line]   MATCH (:UncountedLine {study: $study, id: $id})-[:RESTED_ON]->(e:Excerpt)
//[line]   RETURN e
//[line] }
//[coder] CALL {
//[coder]   MATCH (:Coder {study: $study, id: $id})<-[:MADE_BY]-(:Coding)-[:CODES]->(e:Excerpt)
//[coder]   RETURN e
//[coder]   UNION
//[coder]   MATCH (:Coder {study: $study, id: $id})<-[:MADE_BY]-(:Assertion)-[:STATED_IN]->(e:Excerpt)
//[coder]   RETURN e
//[coder]   UNION
//[coder]   MATCH (:Coder {study: $study, id: $id})<-[:MADE_BY]-()-[:RESTS_ON|RESTED_ON]->(e:Excerpt)
//[coder]   RETURN e
//[coder] }
//[excerpt] MATCH (e:Excerpt {study: $study, id: $id})
MATCH (e)-[:IN_SOURCE]->(s:Source)
CALL {
  WITH e
  MATCH (e)<-[:STATED_IN]-(a:Assertion)-[:ASSERTS]->(p:Proposition)
  MATCH (a)-[:MADE_BY]->(who:Coder)
  RETURN 'asserts' AS link, p.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, who.id AS coder, toString(a.created) AS date, null AS locator
  UNION ALL
  WITH e
  MATCH (e)<-[:CODES]-(a:Coding)-[:WITH_CODE]->(c:Code)
  MATCH (a)-[:MADE_BY]->(who:Coder)
  RETURN 'coded' AS link, c.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, a.memo AS reason, who.id AS coder, toString(a.created) AS date, null AS locator
  UNION ALL
  WITH e
  MATCH (e)<-[:RESTS_ON|RESTED_ON]-(l)<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY|NOT_COUNTED]-(p:Proposition)
  MATCH (l)-[:MADE_BY]->(who:Coder)
  RETURN l.stance AS link, p.id AS target, l.id AS line, l.strength AS strength, l.statedStrength AS stated,
         l.loweredBy AS lowered, l.status AS status, l.rationale AS reason, who.id AS coder, toString(l.created) AS date,
         null AS locator
  UNION ALL
  WITH e
  MATCH (e)-[:CITES]->(r:Reference)
  OPTIONAL MATCH (e)-[:HAS_CITATION]->(c:Citation)-[:OF_REFERENCE]->(r)
  RETURN 'cites' AS link, r.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, null AS coder, null AS date, c.locatorKind + ' ' + c.locator AS locator
  UNION ALL
  WITH e
  MATCH (e)-[:IN_CASE]->(c:Case)
  RETURN 'case' AS link, c.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, null AS coder, null AS date, null AS locator
  UNION ALL
  WITH e
  MATCH (e)-[:IN_SOURCE]->(w:Source)
  WHERE w.witness IS NOT NULL
  RETURN 'witness' AS link, w.witness AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, null AS coder, null AS date, null AS locator
  UNION ALL
  WITH e
  UNWIND e.speakers AS label
  RETURN 'speaker' AS link, label AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, null AS coder, null AS date, null AS locator
  UNION ALL
  WITH e
  MATCH (e)-[:IN_SOURCE]->(o:Source)
  RETURN 'source' AS link, o.id AS target, null AS line, null AS strength, null AS stated, null AS lowered,
         null AS status, null AS reason, null AS coder, null AS date, e.locatorKind + ' ' + e.locator AS locator
}
RETURN e.id AS excerpt, s.id AS source, e.start AS start, e.end AS end, e.paragraph AS paragraph, e.quote AS quote,
       link, target, line, strength, stated, lowered, status, reason, coder, date, locator
ORDER BY source, start, end, link, target, coalesce(line, ''), coalesce(coder, ''), coalesce(date, ''), coalesce(locator, '')
