// All propositions: the twin of claims.rq, with its parameters and columns.

MATCH (p:Proposition {study: $study})-[:HAS_SUBJECT]->(s), (p)-[:HAS_RELATION]->(r), (p)-[:HAS_OBJECT]->(o)
OPTIONAL MATCH (p)-[:IN_STAGE]->(stage)
RETURN p.id AS claim, p.kind AS kind, p.statement AS statement, p.statementZh AS statement_zh, s.id AS subject, r.id AS relation,
       o.id AS object, stage.id AS stage, p.scope AS scope
ORDER BY claim
