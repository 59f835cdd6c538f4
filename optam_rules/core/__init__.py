"""Floor 1: the small core that every backend knows, and knows alone."""
