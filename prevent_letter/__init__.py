"""Turns an assessment in YAML into the Home Office's standard Prevent assessment letter.

The floors of the house, each of which uses only those below it: ``cli``; ``tasks``; ``rules`` and ``letter``, which
never meet; ``assessment``; ``ground``. docs/house.md draws them.
"""

from pathlib import Path

__version__ = "0.1.0"

_PACKAGE = Path(__file__).resolve().parent
# In a wheel criteria/ and templates/ lie inside the package, in a checkout beside it.
ROOT = _PACKAGE if (_PACKAGE / "criteria").is_dir() else _PACKAGE.parent
"""The folder that holds the ``criteria`` and ``templates`` that come with the tool."""
