"""Compiled rows: a program as Python functions over one record, exact, unknowns included, and the steps of records that tell all."""
