"""The same graph as labels and relationships, for Cypher: in Neo4j, or in an engine that we start."""
