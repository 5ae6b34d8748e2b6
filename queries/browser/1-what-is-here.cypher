// 1. What is here: records by label
MATCH (n {study: $study})
RETURN labels(n)[0] AS label, count(*) AS records
ORDER BY records DESC;
