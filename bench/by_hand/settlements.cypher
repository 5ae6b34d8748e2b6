MATCH (x:Settlement {study: $study})-[:IN_SOURCE]->(s), (x)-[:OF_FAMILY]->(f), (x)-[:MADE_BY]->(who)
RETURN s.id AS source, x.paragraph AS paragraph, f.id AS family, x.decision AS decision, x.reason AS reason,
       who.id AS coder, toString(x.created) AS date
ORDER BY source, paragraph, family
