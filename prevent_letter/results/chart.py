"""A bar for each benchmark, drawn from the line where the duty is met.

The bars become SVG whose positions are per cent of the width, so that they hold on any screen and take the colours of
the style sheet.
"""

from typing import NamedTuple

from prevent_letter.results.year import Row, Section

_NARROW, _WIDE = 288, 424
"""The pixels that the bars have at the least: on the narrowest screen (320), and on a wide one (768) or on paper."""
_DIGIT, _ROUND = 8, 6
"""The pixels that a digit takes in a bar, and the room round it."""
SHADES = 3
"""The shades on each side of "met"; levels further away share the last one."""


class Bar(NamedTuple):
    """A part of a benchmark's bar: so many authorities at one level; ``x`` and ``width`` in per cent."""

    label: str
    number: int
    x: float
    width: float
    shade: str
    """A class of the style sheet."""

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return round(self.x + self.width / 2, 2)

    @property
    def fits(self) -> str:
        """Where its number fits into it: always, only where the screen is ``wide``, or nowhere (empty)."""
        takes = 100 * (_DIGIT * len(str(self.number)) + _ROUND)
        return (
            "always"
            if takes <= self.width * _NARROW
            else "wide"
            if takes <= self.width * _WIDE
            else ""
        )


class Chart(NamedTuple):
    """The bars of each benchmark, drawn from the line where the duty is met (in per cent of the width)."""

    line: float
    bars: list[tuple[Row, list[Bar]]]
    legend: list[tuple[str, str]]
    """Each level's label with its shade, lowest first."""


def chart(section: Section) -> Chart | None:
    """The chart of a section; None where nothing is scored."""
    rows, scale = section.rows(), section.criteria.scale
    left, right = max(row.scored - row.met for row in rows), max(row.met for row in rows)
    if not left + right:
        return None
    unit = 100 / (left + right)
    bars = []
    for row in rows:
        at, found = left - (row.scored - row.met), list[Bar]()
        for score, number in row.levels.items():
            if number:
                shade = _shade(score, scale.met)
                found.append(
                    Bar(
                        scale.label(score),
                        number,
                        round(at * unit, 2),
                        round(number * unit, 2),
                        shade,
                    )
                )
            at += number
        bars.append((row, found))
    return Chart(
        round(left * unit, 2),
        bars,
        [(scale.label(score), _shade(score, scale.met)) for score in scale.scores],
    )


def _shade(score: int, met: int) -> str:
    if score == met:
        return "met"
    return f"{'below' if score < met else 'above'}-{min(abs(score - met), SHADES)}"
