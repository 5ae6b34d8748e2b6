"""Words of English and Chinese: how they are told apart and compared, and which a study and a question have."""
