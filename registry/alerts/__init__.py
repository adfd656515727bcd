"""Alerts: whom to look at first, why, and what was done about it."""
