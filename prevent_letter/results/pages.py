"""The web pages of results, each one file that has no scripts and fetches nothing."""

from collections.abc import Mapping
from typing import Any

from prevent_letter import ROOT
from prevent_letter.core.web import css_string, page_policy, page_templates


def render_page(
    template: str, marking: str, filters: Mapping[str, Any] | None = None, **words: Any
) -> bytes:
    """Return a page from one of our templates, in UTF-8.

    ``marking``, if any, is shown at the top and the end. It is also on each printed page if the
    browser supports that (Chrome, Edge).
    """
    css = (ROOT / "templates" / "results.css").read_text(encoding="utf-8")
    if marking:
        content = f"{{ content: {css_string(marking)}; }}"
        css += f"@page {{ @top-center {content} @bottom-center {content} }}\n"
    templates = page_templates()
    templates.filters.update(filters or {})
    policy = page_policy(css)
    html = templates.get_template(template).render(marking=marking, css=css, policy=policy, **words)
    return f"{html}\n".encode()
