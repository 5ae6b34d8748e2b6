"""A study in a SPARQL 1.1 server: asked over HTTP, and kept in step by the Graph Store Protocol."""
