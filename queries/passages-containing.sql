SELECT id AS excerpt, source, start, "end", quote FROM excerpt
WHERE instr(lower_case(quote), lower_case(:text))
ORDER BY source, start, "end"
