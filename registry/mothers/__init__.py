"""Pregnant and breastfeeding mothers: dates, risks, weight gain, the card, the list, the alert."""
