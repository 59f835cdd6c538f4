"""From the years of practitioners to the rows of a reference table of means, exact, in the engine that holds the years."""
