SELECT line, coder, date, stance, strength, alone, settles, reason FROM reading ORDER BY line, settles, date, coder
