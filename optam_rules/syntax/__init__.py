"""Floor 1: from a text to its abstract syntax; knows neither types nor meaning."""
