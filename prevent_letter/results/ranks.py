"""Two statistical tests that use only the standard library."""

import math
from collections import Counter
from collections.abc import Sequence


def rank_sum(one: Sequence[int], others: Sequence[int]) -> float:
    """Return the two-sided p-value of Wilcoxon's rank-sum test (Mann-Whitney), 0 to 1.

    It uses the normal approximation, with the variance corrected for ties and the statistic for
    continuity. The p-value is 1 if all values are the same.
    """
    counts, ranks, below = Counter((*one, *others)), dict[int, float](), 0
    for value in sorted(counts):
        ranks[value] = below + (counts[value] + 1) / 2
        below += counts[value]
    m, n, total = len(one), len(others), len(one) + len(others)
    statistic = sum(ranks[value] for value in one) - m * (m + 1) / 2
    ties = sum(count**3 - count for count in counts.values()) / (total * (total - 1))
    variance = m * n / 12 * (total + 1 - ties)
    if variance <= 0:
        return 1.0
    distance = max(0.0, abs(statistic - m * n / 2) - 0.5)
    return math.erfc(distance / math.sqrt(2 * variance))


def discoveries(p_values: Sequence[float], rate: float) -> list[bool]:
    """Return which p-values are discoveries at a false discovery rate (Benjamini-Hochberg 1995)."""
    ordered = sorted(p_values)
    passed = [p for number, p in enumerate(ordered, 1) if p <= rate * number / len(ordered)]
    return [bool(passed) and p <= passed[-1] for p in p_values]
