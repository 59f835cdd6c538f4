"""Judgements as text for people."""
