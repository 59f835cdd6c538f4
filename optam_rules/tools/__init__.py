"""Floor 5: programs for people, on top of the API."""
