"""How a child grows: WHO z-scores, the classes of Permenkes 2/2020, alerts and the growth chart.

Pure Python, no Django (bulk.py alone uses NumPy): everything here is a function of its arguments,
tested against published values (tests/golden/). Read zscore.py first, then classify.py.
"""
