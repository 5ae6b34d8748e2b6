SELECT c.claim, c.statement,
  (SELECT count(DISTINCT excerpt) FROM assertion a WHERE a.claim = c.claim) AS asserted,
  (SELECT count(*) FROM line n WHERE n.claim = c.claim AND n.status = 'active' AND n.stance = 'opposes') AS opposes,
  (SELECT count(*) FROM line n WHERE n.claim = c.claim AND n.status = 'active' AND n.stance = 'qualifies') AS qualifies,
  (SELECT count(DISTINCT search) FROM searches s WHERE s.about = c.claim) AS searches
FROM claims c
WHERE NOT EXISTS (
  SELECT 1 FROM line n WHERE n.claim = c.claim AND n.status = 'active' AND n.stance = 'supports'
)
ORDER BY c.claim
