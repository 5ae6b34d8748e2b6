"""Look at a study in a browser: from a question to the highlighted passage and its reference, and back."""
