// Coverage by case: the twin of coverage-by-case.rq, with its parameters and columns.

MATCH (c:Case {study: $study})
OPTIONAL MATCH (c)<-[:IN_CASE]-(e:Excerpt)
OPTIONAL MATCH (e)<-[:CODES]-(x:Coding)
WITH c, count(DISTINCT e) AS excerpts, count(x) AS codings
OPTIONAL MATCH (c)<-[:IN_CASE]-(:Excerpt)<-[:RESTS_ON]-(l:EvidenceLine {status: 'active'})<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY]-(p:Proposition)
RETURN c.id AS case, c.label AS label, COUNT { (c)<-[:IN_CASE]-(:Source) } AS sources, excerpts, codings,
       count(DISTINCT p) AS claims,
       count(DISTINCT CASE l.stance WHEN 'supports' THEN l END) AS supports,
       count(DISTINCT CASE l.stance WHEN 'opposes' THEN l END) AS opposes,
       count(DISTINCT CASE l.stance WHEN 'qualifies' THEN l END) AS qualifies
ORDER BY case
