"""Finding people: how names sound, keys to look up by, search, likeness, who may be the same."""
