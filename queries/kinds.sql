SELECT DISTINCT kind FROM records WHERE id = :id
UNION SELECT 'excerpt' FROM excerpt WHERE id = :id
UNION SELECT 'line' FROM line WHERE id = :id
ORDER BY kind
