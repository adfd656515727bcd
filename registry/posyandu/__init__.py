"""The posyandu day: who is due, what was measured, how well; on the phone and on paper."""
