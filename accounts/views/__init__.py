"""The pages about people: one's own way in, the admin's list, the log."""
