"""The engines of the side-by-side runs, an entry each: what is measured, and what it is compared with."""
