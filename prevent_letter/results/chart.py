"""A chart with a bar for each benchmark. A line separates duty not met from duty met.

The bars are drawn as SVG with positions in per cent of the width. So they fit any screen and take
their colours from the style sheet.
"""

from typing import NamedTuple

from prevent_letter.results.year import BenchmarkCounts, Section

_NARROW, _WIDE = 288, 424
"""The least width of the bars in pixels: on the narrowest screen (320), on a wide one or paper."""
_DIGIT, _PADDING = 8, 6
"""The width in pixels of a digit in a bar, and of the space around a number."""
SHADES = 3
"""The number of shades on each side of "met"; levels further away share the last one."""


class Bar(NamedTuple):
    """The part of a bar for the authorities at one level; ``x`` and ``width`` are in per cent."""

    label: str
    number: int
    x: float
    width: float
    middle: float
    """The position of its number, in per cent."""
    fits: str
    """When the number fits: ``always``, only on a ``wide`` screen, or never (empty)."""
    shade: str
    """The CSS class that gives the bar its colour."""


class Chart(NamedTuple):
    """The bars of each benchmark, and the position (in per cent) where duty met begins."""

    line: float
    bars: list[tuple[BenchmarkCounts, list[Bar], float | None]]
    """Each benchmark, its bars, and where they would begin by last year's shares, if known."""
    legend: list[tuple[str, str]]
    """Each level's label with its shade, lowest first."""
    least: list[BenchmarkCounts]
    """The benchmarks in which the smallest share of authorities meets the duty."""


def chart(section: Section) -> Chart | None:
    """Return the chart of a section; None if nothing is scored."""
    counts, scale = section.counts(), section.criteria.scale
    lasts = [
        row.scored * (row.compared - row.met_last) / row.compared if row.compared else None
        for row in counts
    ]
    left = max(*(row.scored - row.met for row in counts), *(last or 0.0 for last in lasts))
    right = max(row.met for row in counts)
    if not left + right:
        return None
    unit = 100 / (left + right)
    bars = []
    for row, last_below in zip(counts, lasts, strict=True):
        position, of_row = left - (row.scored - row.met), list[Bar]()
        for score, number in row.levels.items():
            if number:
                x, width = round(position * unit, 2), round(number * unit, 2)
                middle, fits = round(x + width / 2, 2), ""
                pixels = 100 * (_DIGIT * len(str(number)) + _PADDING)
                if pixels <= width * _NARROW:
                    fits = "always"
                elif pixels <= width * _WIDE:
                    fits = "wide"
                label, colour = scale.label(score), shade(score, scale.met)
                of_row.append(Bar(label, number, x, width, middle, fits, colour))
            position += number
        last = None if last_below is None else round((left - last_below) * unit, 2)
        bars.append((row, of_row, last))
    legend = [(scale.label(score), shade(score, scale.met)) for score in scale.scores]
    shares = {row.benchmark.id: row.met / row.scored for row in counts if row.scored}
    lowest = min(shares.values())
    least = [row for row in counts if shares.get(row.benchmark.id) == lowest]
    return Chart(round(left * unit, 2), bars, legend, least)


def shade(score: int, met: int) -> str:
    """Return the class of a level in the style sheet: met, below-1, above-2 and so on."""
    if score == met:
        return "met"
    side = "below" if score < met else "above"
    return f"{side}-{min(abs(score - met), SHADES)}"
