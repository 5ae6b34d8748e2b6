// Uncoded paragraphs: the twin of uncoded-paragraphs.rq, with its parameters and columns.

MATCH (x:UncodedParagraph {study: $study})-[:IN_SOURCE]->(s:Source)
MATCH (x)-[:MADE_BY]->(who:Coder)
RETURN s.id AS source, x.paragraph AS paragraph, x.memo AS memo, who.id AS coder, toString(x.created) AS date
ORDER BY source, paragraph
