"""Code that all our web pages share: content security policies, CSS strings and templates."""

import base64
import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

from prevent_letter import ROOT
from prevent_letter.core.display import printable
from prevent_letter.core.prose import one_line

if TYPE_CHECKING:
    from jinja2 import Environment


def closed_policy(*allowed: str) -> str:
    """Return a Content Security Policy (Level 3) that allows only what ``allowed`` lists."""
    return "; ".join(("default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"))


def page_policy(css: str) -> str:
    """Return the policy of a page without scripts, whose one style element holds ``css``."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return closed_policy(f"style-src 'sha256-{digest}'", "img-src data:")


def css_string(text: str | None) -> str:
    """Return text as an escaped CSS string (CSS Syntax Level 3, 4.3.5); empty without text."""
    escaped = re.sub(r'["\\<>\n]', lambda match: f"\\{ord(match[0]):X} ", one_line(text or ""))
    return f'"{escaped}"' if escaped else ""


@cache
def page_templates() -> "Environment":
    """Return the Jinja environment of our page templates; no repository can replace them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # slow to load

    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        newline_sequence="\n",
    )
    environment.filters["printable"] = printable
    return environment
