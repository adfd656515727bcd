"""What staff type about helps. Sentences in Bahasa; what was typed is kept."""
