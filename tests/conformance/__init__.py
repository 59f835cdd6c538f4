"""Cases as data that every backend runs."""
