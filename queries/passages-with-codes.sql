SELECT id AS excerpt, source, start, "end", quote FROM excerpt
WHERE id IN (SELECT excerpt FROM coding WHERE code = :code INTERSECT SELECT excerpt FROM coding WHERE code = :other)
ORDER BY source, start, "end"
