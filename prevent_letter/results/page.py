"""What all pages of results are: one file each, without scripts, nothing fetched, words and look in templates."""

from collections.abc import Mapping
from typing import Any

from prevent_letter import ROOT
from prevent_letter.ground.web import css_string, policy, templates


def page(
    template: str, marking: str, filters: Mapping[str, Any] | None = None, **words: Any
) -> bytes:
    """A page from one of our templates, in UTF-8; no repository can replace them.

    ``marking``: on top, at the end, and on each page that is printed, where the browser can (Chrome, Edge); or empty.
    """
    jinja = templates()
    css = (ROOT / "templates" / "results.css").read_text(encoding="utf-8")
    if marking:
        boxes = " ".join(
            f"@{where}-center {{ content: {css_string(marking)}; }}" for where in ("top", "bottom")
        )
        css += f"@page {{ {boxes} }}\n"
    jinja.filters.update(filters or {})
    made = jinja.get_template(template).render(
        marking=marking, css=css, policy=policy(css), **words
    )
    return f"{made}\n".encode()
