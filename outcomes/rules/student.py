"""Student's t distribution, for the interval of a mean of few people."""

from decimal import Decimal
from functools import lru_cache
from math import exp, lgamma, log, log1p

STEPS = 300
SMALL = 1e-300
NEAR = 1e-15


@lru_cache(maxsize=1024)
def t_quantile(freedom: int, chance: float = 0.975) -> Decimal:
    """The value of t with these degrees of freedom that lies above all but ``1 - chance`` (over a half)."""
    if freedom < 1 or not 0.5 < chance < 1:
        raise ValueError("Degrees of freedom begin at 1, and the chance lies between a half and 1.")
    low, high = 0.0, 1.0
    while cumulative(high, freedom) < chance:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if cumulative(middle, freedom) < chance else (low, middle)
    return Decimal(f"{(low + high) / 2:.10f}")


def cumulative(t: float, freedom: int) -> float:
    """The chance that Student's t is at most ``t``, which is not below zero."""
    return 1 - incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22, Lentz's method)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    whole, upper, lower = 1.0, 1.0, 0.0
    for step in range(1, STEPS):
        half = step // 2
        if step % 2:
            part = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            part = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        lower = 1 / ((1 + part * lower) or SMALL)
        upper = (1 + part / upper) or SMALL
        whole *= upper * lower
        if abs(upper * lower - 1) < NEAR:
            break
    return whole
