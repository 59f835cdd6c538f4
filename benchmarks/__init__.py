"""What the engines cost, by ratios to hand-written code measured in the same run; not part of the package."""
