"""From programs to Hypothesis strategies of records, groups and whole cases, drawn around the constants that the rules name."""
