"""A list from e-PPGBM beside the registry: who is missing where, which numbers and classes differ.

Nothing of it is ever written to a child or a visit; what was found lies in rows of the import.
"""
