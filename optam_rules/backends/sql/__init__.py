"""From definitions of the core to scalar SQL expressions, for engines that hold the data."""
