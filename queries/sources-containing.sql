SELECT s.source, s.title, t.whole FROM source_text t JOIN sources s ON s.source = t.source
WHERE instr(lower_case(t.whole), lower_case(:text))
ORDER BY s.source
