MATCH (s:Study {study: $study})
RETURN s.id AS study, s.title AS title, s.titleZh AS title_zh, s.description AS description
ORDER BY study
