// Open questions: the twin of open-questions.rq, with its parameters and columns.

MATCH (q:OpenQuestion {study: $study})-[:ABOUT]->(about)
OPTIONAL MATCH (q)-[:HAS_CANDIDATE]->(candidate)
RETURN q.id AS question, about.id AS about, q.question AS text, q.questionZh AS text_zh, q.note AS note, candidate.id AS candidate
ORDER BY question, about, coalesce(candidate, '')
