SELECT 'line' AS kind, id, rationale AS label, NULL AS label_zh FROM line ORDER BY id
