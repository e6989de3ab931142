"""Turn an assessment in YAML into the Home Office's standard Prevent assessment letter.

A package for each verb (``checking``, ``building``, ``importing``, ``previewing``, ``results``,
``starting``) on a trunk that they share: ``core``, ``assessment``, ``rules``, ``letter``, ``word``.
docs/architecture.md draws them.
"""

from pathlib import Path

__version__ = "0.1.0"

_PACKAGE = Path(__file__).resolve().parent
# In a wheel criteria/ and templates/ are inside the package, in a checkout beside it.
ROOT = _PACKAGE if (_PACKAGE / "criteria").is_dir() else _PACKAGE.parent
"""The folder of the ``criteria`` and ``templates`` that come with the tool."""
