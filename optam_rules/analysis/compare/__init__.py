"""Two packs side by side: what was written anew, what it changes in the answers, and for whom."""
