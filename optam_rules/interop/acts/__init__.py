"""From lines of fees to years of activity, inside the engine that holds the data."""
