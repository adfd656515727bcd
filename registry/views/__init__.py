"""Pages of the registry, by audience: kader, verifier, people."""
