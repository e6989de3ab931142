"""A year's results as one web page, for the meeting that moderates them."""

from prevent_letter.results.chart import chart
from prevent_letter.results.flags import CAN_SAY, FAIR, flags
from prevent_letter.results.page import page
from prevent_letter.results.tables import how_far
from prevent_letter.results.year import Year


def write(year: Year, marking: str) -> bytes:
    """The page, in UTF-8, with its marking."""
    filters = {"chart": chart, "flags": flags, "how_far": how_far}
    return page("results.html.j2", marking, filters, year=year, can_say=CAN_SAY, fair=FAIR)
