// Neighbours of a record: the twin of neighbours.rq, with its parameters and columns.

CALL {
  MATCH (n:Proposition {study: $study, id: $id})
  WHERE $kind = 'proposition'
  RETURN n
  UNION ALL
  MATCH (n:Concept {study: $study, id: $id})
  WHERE $kind = 'concept'
  RETURN n
  UNION ALL
  MATCH (n:Code {study: $study, id: $id})
  WHERE $kind = 'code'
  RETURN n
  UNION ALL
  MATCH (n:Source {study: $study, id: $id})
  WHERE $kind = 'source'
  RETURN n
  UNION ALL
  MATCH (n:Reference {study: $study, id: $id})
  WHERE $kind = 'reference'
  RETURN n
  UNION ALL
  MATCH (n:Case {study: $study, id: $id})
  WHERE $kind = 'case'
  RETURN n
  UNION ALL
  MATCH (n:OpenQuestion {study: $study, id: $id})
  WHERE $kind = 'question'
  RETURN n
  UNION ALL
  MATCH (n:Search {study: $study, id: $id})
  WHERE $kind = 'search'
  RETURN n
  UNION ALL
  MATCH (n:Relation {study: $study, id: $id})
  WHERE $kind = 'relation'
  RETURN n
  UNION ALL
  MATCH (n:Author {study: $study, id: $id})
  WHERE $kind = 'author'
  RETURN n
  UNION ALL
  MATCH (n:Excerpt {study: $study, id: $id})
  WHERE $kind = 'excerpt'
  RETURN n
}
CALL {
  WITH n
  MATCH (n)-[r:BROADER|RELATED|INDICATES|HAS_SUBJECT|HAS_OBJECT|HAS_RELATION|IN_STAGE|IN_SOURCE|CITES|WRITTEN_BY|HAS_CANDIDATE|ABOUT]->(other)
  RETURN type(r) AS type, 'to' AS way, other
  UNION ALL
  WITH n
  MATCH (n)<-[r:BROADER|RELATED|INDICATES|HAS_SUBJECT|HAS_OBJECT|HAS_RELATION|IN_STAGE|IN_SOURCE|CITES|WRITTEN_BY|HAS_CANDIDATE|ABOUT]-(other)
  WHERE NOT other:UncodedParagraph AND NOT other:Settlement
  RETURN type(r) AS type, 'from' AS way, other
  UNION ALL
  // That a passage belongs to a case follows from its source.
  WITH n
  MATCH (n)-[:IN_CASE]->(other)
  WHERE NOT n:Excerpt
  RETURN 'case' AS type, 'to' AS way, other
  UNION ALL
  WITH n
  MATCH (n)<-[:IN_CASE]-(other)
  WHERE NOT other:Excerpt
  RETURN 'case' AS type, 'from' AS way, other
  UNION ALL
  WITH n
  MATCH (n)<-[:WITH_CODE]-(:Coding)-[:CODES]->(other:Excerpt)
  RETURN 'coded' AS type, 'from' AS way, other
  UNION ALL
  WITH n
  MATCH (n)<-[:CODES]-(:Coding)-[:WITH_CODE]->(other:Code)
  RETURN 'coded' AS type, 'to' AS way, other
  UNION ALL
  WITH n
  MATCH (n)<-[:ASSERTS]-(:Assertion)-[:STATED_IN]->(other:Excerpt)
  RETURN 'asserts' AS type, 'from' AS way, other
  UNION ALL
  WITH n
  MATCH (n)<-[:STATED_IN]-(:Assertion)-[:ASSERTS]->(other:Proposition)
  RETURN 'asserts' AS type, 'to' AS way, other
  UNION ALL
  WITH n
  MATCH (n)-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]->(l:EvidenceLine)-[:RESTS_ON]->(other:Excerpt)
  RETURN l.stance AS type, 'from' AS way, other
  UNION ALL
  WITH n
  MATCH (n)<-[:RESTS_ON]-(l:EvidenceLine)<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]-(other:Proposition)
  RETURN l.stance AS type, 'to' AS way, other
}
WITH type, way, other,
     {BROADER: 'broader', RELATED: 'related', INDICATES: 'indicates', HAS_SUBJECT: 'subject', HAS_OBJECT: 'object',
      HAS_RELATION: 'relation', IN_STAGE: 'stage', IN_SOURCE: 'source', CITES: 'cites', WRITTEN_BY: 'creator', HAS_CANDIDATE: 'candidate',
      ABOUT: 'about'} AS names,
     {Proposition: 'proposition', Concept: 'concept', Code: 'code', Source: 'source', Reference: 'reference',
      Case: 'case', OpenQuestion: 'question', Search: 'search', Relation: 'relation', Author: 'author',
      Excerpt: 'excerpt'} AS kinds
RETURN DISTINCT coalesce(names[type], type) AS link, way, kinds[labels(other)[0]] AS neighbour_kind,
       other.id AS neighbour, other.quote AS quote
ORDER BY link, way, neighbour_kind, neighbour
