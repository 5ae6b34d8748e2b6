MATCH (x:UncodedParagraph {study: $study})-[:IN_SOURCE]->(s), (x)-[:MADE_BY]->(who)
RETURN s.id AS source, x.paragraph AS paragraph, x.memo AS memo, who.id AS coder, toString(x.created) AS date
ORDER BY source, paragraph
