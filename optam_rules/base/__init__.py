"""Floor 0: what every other floor stands on; knows nothing of the language or of the law."""
