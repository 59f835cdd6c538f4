"""Floor 2: what gives the core a meaning; each backend knows the core alone."""
