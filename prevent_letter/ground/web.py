"""What all our web pages share: the policy by which nothing is fetched or run, strings of CSS, our own templates."""

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from prevent_letter import ROOT
from prevent_letter.ground.prose import one_line

if TYPE_CHECKING:
    from jinja2 import Environment


def policy(css: str) -> str:
    """The Content Security Policy (Level 3) of a page without scripts, whose one style element holds this CSS."""
    hash = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return closed(f"style-src 'sha256-{hash}'", "img-src data:")


def closed(*allowed: str) -> str:
    """The policy of a page that may do nothing but what these directives allow."""
    return "; ".join(("default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"))


def css_string(text: str | None) -> str:
    """Text as a string of CSS (CSS Syntax Module Level 3, 4.3.5), in which no character has a meaning of its own."""
    escaped = re.sub(r'["\\<>\n]', lambda found: f"\\{ord(found[0]):X} ", one_line(text or ""))
    return f'"{escaped}"' if escaped else ""


def templates() -> "Environment":
    """Our own templates of pages, which no repository can replace."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # which take their time

    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        newline_sequence="\n",
    )
