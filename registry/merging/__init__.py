"""Every family once: probable pairs, side-by-side review, merging with undo, telling apart."""
