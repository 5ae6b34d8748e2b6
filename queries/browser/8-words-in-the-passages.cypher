// 8. Words in the passages: full text, change the word in quotation marks
CALL db.index.fulltext.queryNodes('excerpt_text', 'users') YIELD node, score
WHERE node.study = $study
RETURN node.id AS excerpt, node.quote AS quote, score
ORDER BY score DESC, excerpt LIMIT 25;
