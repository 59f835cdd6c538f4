"""The command `optam`, one file a subcommand."""
