"""What is said of one child: the card, weight gain, changes, the comparison, the paper."""
