"""Reports of a comparison: one view in French words, written as text, Markdown or a page; and JSON, from the comparison itself."""
