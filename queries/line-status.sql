SELECT status, status_date AS since, status_reason AS reason, replaced_by FROM line WHERE id = :line
