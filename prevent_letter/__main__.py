"""``python -m prevent_letter``."""

from prevent_letter.cli import main

if __name__ == "__main__":
    main()
