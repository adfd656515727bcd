"""The LMS formula of the WHO, both ways, and its linear part beyond 3 SD.

Source: WHO Child Growth Standards, Methods and development (2006), chapter 7.
"""

from math import pow

from growth.tables import Row


def z_of(value: float, row: Row) -> float:
    """Give the unrounded z-score of a measured value at one L, M, S row."""
    l, m, s = row  # noqa: E741 - the letters of the method
    return (pow(value / m, l) - 1) / (s * l)


def value_at(z: float, row: Row) -> float:
    """Give the value that stands at z: the inverse of z_of, and the line of a growth chart."""
    l, m, s = row  # noqa: E741
    return m * pow(1 + l * s * z, 1 / l)


def z_linear_beyond_3(value: float, row: Row) -> float:
    """Like z_of, but beyond ±3 SD count in steps as wide as the one from 2 to 3 SD."""
    z = z_of(value, row)
    if z > 3:
        third = value_at(3, row)
        return 3 + (value - third) / (third - value_at(2, row))
    if z < -3:
        third = value_at(-3, row)
        return -3 + (value - third) / (value_at(-2, row) - third)
    return z


def between(lower: Row, upper: Row, part: float) -> Row:
    """Interpolate L, M and S linearly; part 0.6 lies 60 % of the way to the upper row."""
    return (
        lower[0] + part * (upper[0] - lower[0]),
        lower[1] + part * (upper[1] - lower[1]),
        lower[2] + part * (upper[2] - lower[2]),
    )
