"""From a pack to small faults planted in it, and to those that its own tests do not see."""
