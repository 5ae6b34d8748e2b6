SELECT line, coder, date, stance, strength, alone, settles, reason FROM reading WHERE line = :line
ORDER BY line, settles, date, coder
