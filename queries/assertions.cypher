// What the theory states: the twin of assertions.rq, with its parameters and columns.

MATCH (a:Assertion {study: $study})-[:ASSERTS]->(p:Proposition)
MATCH (a)-[:STATED_IN]->(e:Excerpt)
RETURN p.id AS claim, e.id AS excerpt
ORDER BY claim, excerpt
