// Coverage by case: the twin of coverage-by-case.rq, with its parameters and columns.

MATCH (c:Case {study: $study})
CALL {
  WITH c
  OPTIONAL MATCH (c)<-[:IN_CASE]-(e:Excerpt)
  RETURN count(e) AS excerpts, sum(COUNT { (e)<-[:CODES]-() }) AS codings
}
CALL {
  WITH c
  MATCH (c)<-[:IN_CASE]-(:Excerpt)<-[:RESTS_ON]-(l)
  WITH DISTINCT l
  MATCH (l)<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]-(p)
  RETURN count(DISTINCT p) AS claims, count(CASE l.stance WHEN 'supports' THEN 1 END) AS supports,
         count(CASE l.stance WHEN 'opposes' THEN 1 END) AS opposes, count(CASE l.stance WHEN 'qualifies' THEN 1 END) AS qualifies
}
RETURN c.id AS case, c.label AS label, COUNT { (c)<-[:IN_CASE]-(:Source) } AS sources, excerpts, codings, claims, supports, opposes, qualifies
ORDER BY case
