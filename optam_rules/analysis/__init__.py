"""Floor 3: what can be found out about a program beyond one judgement."""
