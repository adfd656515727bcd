"""The family as a whole: its home, its risk of stunting, what happens to its people."""
