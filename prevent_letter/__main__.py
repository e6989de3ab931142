"""``python -P -m prevent_letter``, and the program ``prevent-letter``."""

import sys

from prevent_letter.core.exit_codes import INTERRUPTED


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback, even while it loads."""
    if hasattr(sys, "frozen"):
        from multiprocessing import freeze_support

        freeze_support()  # a process that typesets a letter starts here
    try:
        from prevent_letter.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    if not sys.flags.safe_path and not hasattr(sys, "frozen"):
        del sys.path[0]  # the current folder: its yaml.py, say, is not ours
    main()
