MATCH (q:OpenQuestion {study: $study})-[:ABOUT]->(a)
OPTIONAL MATCH (q)-[:HAS_CANDIDATE]->(c)
RETURN q.id AS question, a.id AS about, q.question AS text, q.questionZh AS text_zh, q.note AS note, c.id AS candidate
ORDER BY question, about, candidate
