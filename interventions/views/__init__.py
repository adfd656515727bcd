"""Pages of the helps, by pillar."""
