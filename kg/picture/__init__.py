"""Pictures of the chain from theory to reference: what is in them, where it stands, how it is drawn."""
