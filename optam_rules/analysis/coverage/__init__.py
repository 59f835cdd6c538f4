"""From a pack and its tests to what of its text the tests reach, decide and try at the bounds."""
