"""The reference interpreter: the meaning that every other backend is held to."""
