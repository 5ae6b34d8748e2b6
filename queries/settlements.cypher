// Settled disagreements: the twin of settlements.rq, with its parameters and columns.

MATCH (x:Settlement {study: $study})-[:IN_SOURCE]->(s:Source)
MATCH (x)-[:OF_FAMILY]->(family:Code)
MATCH (x)-[:MADE_BY]->(who:Coder)
RETURN s.id AS source, x.paragraph AS paragraph, family.id AS family, x.decision AS decision, x.reason AS reason,
       who.id AS coder, toString(x.created) AS date
ORDER BY source, paragraph, family
