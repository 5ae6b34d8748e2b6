"""A knowledge graph of a theory and of the evidence for and against it."""
