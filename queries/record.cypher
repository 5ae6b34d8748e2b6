// One record: the twin of record.rq, with its parameters and columns.

CALL {
  MATCH (n:Proposition {study: $study, id: $id})
  WHERE $kind = 'proposition'
  RETURN n
  UNION ALL
  MATCH (n:Concept {study: $study, id: $id})
  WHERE $kind = 'concept'
  RETURN n
  UNION ALL
  MATCH (n:Code {study: $study, id: $id})
  WHERE $kind = 'code'
  RETURN n
  UNION ALL
  MATCH (n:Source {study: $study, id: $id})
  WHERE $kind = 'source'
  RETURN n
  UNION ALL
  MATCH (n:Reference {study: $study, id: $id})
  WHERE $kind = 'reference'
  RETURN n
  UNION ALL
  MATCH (n:Case {study: $study, id: $id})
  WHERE $kind = 'case'
  RETURN n
  UNION ALL
  MATCH (n:EvidenceLine {study: $study, id: $id})
  WHERE $kind = 'line'
  RETURN n
  UNION ALL
  MATCH (n:UncountedLine {study: $study, id: $id})
  WHERE $kind = 'line'
  RETURN n
  UNION ALL
  MATCH (n:Coder {study: $study, id: $id})
  WHERE $kind = 'coder'
  RETURN n
  UNION ALL
  MATCH (n:OpenQuestion {study: $study, id: $id})
  WHERE $kind = 'question'
  RETURN n
  UNION ALL
  MATCH (n:Search {study: $study, id: $id})
  WHERE $kind = 'search'
  RETURN n
  UNION ALL
  MATCH (n:Relation {study: $study, id: $id})
  WHERE $kind = 'relation'
  RETURN n
  UNION ALL
  MATCH (n:Author {study: $study, id: $id})
  WHERE $kind = 'author'
  RETURN n
  UNION ALL
  MATCH (n:Excerpt {study: $study, id: $id})
  WHERE $kind = 'excerpt'
  RETURN n
}
// What RDF calls the things that have a name of their own here.
WITH n, {statement: 'label', question: 'label', name: 'label', label: 'prefLabel', synonyms: 'altLabel',
         note: 'comment', include: 'scopeNote', exclude: 'exclusion', quote: 'exact', marks: 'mark', kinds: 'kind', speakers: 'speaker', participants: 'participant',
         family: 'familyName', given: 'givenName', licence: 'license', embargo: 'available',
         HAS_SUBJECT: 'subject', HAS_RELATION: 'predicate', HAS_OBJECT: 'object', IN_STAGE: 'stage',
         BROADER: 'broader', RELATED: 'related', INDICATES: 'indicates', SHOWN_BY: 'example', IN_CASE: 'subject',
         IN_SOURCE: 'hasSource', CITES: 'hadPrimarySource', HAS_CITATION: 'citation', WRITTEN_BY: 'creator', ABOUT: 'subject', HAS_CANDIDATE: 'candidate', READ: 'used',
         MADE_BY: 'wasAssociatedWith', READ_WHOLE_BY: 'readWholeBy', RESTS_ON: 'excerpt', RESTED_ON: 'excerpt', REPLACED_BY: 'isReplacedBy'} AS names
CALL {
  WITH n, names
  UNWIND keys(n) AS key
  WITH n, names, key, CASE WHEN key ENDS WITH 'Zh' THEN substring(key, 0, size(key) - 2) ELSE key END AS base
  WHERE NOT key IN ['study', 'id', 'iri', 'digest', 'graph']
  UNWIND CASE WHEN base IN ['synonyms', 'marks', 'kinds', 'speakers', 'participants'] THEN n[key] ELSE [toString(n[key])] END AS value
  RETURN CASE WHEN n:Relation AND base = 'label' THEN base ELSE coalesce(names[base], base) END AS property,
         value, CASE WHEN base <> key THEN 'zh' ELSE '' END AS language
  UNION ALL
  WITH n, names
  MATCH (n)-[r]->(m {study: $study})
  WHERE names[type(r)] IS NOT NULL
  RETURN CASE WHEN (n:EvidenceLine OR n:UncountedLine) AND type(r) = 'MADE_BY' THEN 'wasAttributedTo'
              WHEN n:Search AND type(r) = 'IN_CASE' THEN 'case'
              ELSE names[type(r)] END AS property, m.id AS value, '' AS language
  UNION ALL
  WITH n
  MATCH (n)-[:HAS_VALUE]->(v:AttributeValue)-[:OF_ATTRIBUTE]->(a:Attribute)
  RETURN a.id AS property, v.value AS value, '' AS language
  UNION ALL
  WITH n, names
  MATCH (n)<-[:SUPPORTED_BY|OPPOSED_BY|QUALIFIED_BY|NOT_COUNTED]-(p:Proposition)
  RETURN 'proposition' AS property, p.id AS value, '' AS language
}
RETURN DISTINCT property, value, language
ORDER BY property, language, value
