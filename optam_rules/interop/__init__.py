"""Floor 3: records in and judgements out, format by format."""
