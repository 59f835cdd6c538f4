"""The main job on real input: a group of radiologists and a register, judged and explained."""
