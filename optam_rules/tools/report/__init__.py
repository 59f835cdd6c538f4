"""Judgements and diagnostics turned into text for people: French sentences, one tree an answer, tables of one line a record."""
