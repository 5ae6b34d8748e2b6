"""A study for assistants: its tools and resources over the Model Context Protocol."""
