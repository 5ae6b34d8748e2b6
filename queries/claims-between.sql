WITH RECURSIVE
near (claim, concept) AS (
  SELECT claim, subject FROM claims
  UNION SELECT claim, object FROM claims
  UNION SELECT claim, stage FROM claims WHERE stage IS NOT NULL
),
-- From a concept that leads to one of the two, down to those that claims are about.
below (asked, concept) AS (
  VALUES (:concept, :concept), (:other, :other)
  UNION SELECT b.asked, k.concept FROM below b JOIN concept k ON k.value = b.concept AND k.property = 'broader'
),
leads (asked, concept) AS (
  SELECT asked, concept FROM below
  UNION SELECT b.asked, k.concept FROM below b JOIN concept k ON k.value = b.concept AND k.property = 'related'
)
SELECT claim, kind, statement, statement_zh, subject, relation, object, stage, scope FROM claims
WHERE claim IN (
  SELECT n.claim FROM near n JOIN near f ON f.claim = n.claim AND f.concept <> n.concept
  JOIN leads a ON a.concept = n.concept AND a.asked = :concept
  JOIN leads b ON b.concept = f.concept AND b.asked = :other
)
ORDER BY claim
