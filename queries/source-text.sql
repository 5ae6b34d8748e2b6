SELECT whole FROM source_text WHERE source = :id
