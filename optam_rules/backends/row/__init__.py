"""Compiled rows: a program as Python functions over one record, exact, unknowns included; no trace."""
