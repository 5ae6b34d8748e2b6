SELECT claim, excerpt FROM assertion ORDER BY claim, excerpt
