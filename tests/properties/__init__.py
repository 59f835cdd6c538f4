"""Properties that hold whatever the record and whatever the text."""
