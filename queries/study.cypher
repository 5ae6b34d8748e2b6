// The study: the twin of study.rq, with its parameters and columns.

MATCH (s:Study {study: $study})
RETURN s.id AS study, s.title AS title, s.titleZh AS title_zh, s.description AS description, s.license AS licence
ORDER BY study
