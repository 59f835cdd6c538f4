"""Floor 2: from abstract syntax to a core program, with every static diagnostic."""
