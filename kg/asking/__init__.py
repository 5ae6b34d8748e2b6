"""Questions in words: how a sentence is split, read as terms and an operation, and which claims it is about."""
