"""Lints: what is allowed and still worth a second look, one module a family; `run` gathers them."""
