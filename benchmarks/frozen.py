"""Time a check with the frozen program, against the installed one.

Run it with: python benchmarks/frozen.py FOLDER-OF-THE-FROZEN-PROGRAM
"""

import shutil
import sys
import tempfile
from pathlib import Path

from harness import EXAMPLE, OURS, medians


def main(rounds: int = 20) -> None:
    program = next(
        path for path in Path(sys.argv[1]).glob("prevent-letter*") if path.suffix in ("", ".exe")
    )
    with tempfile.TemporaryDirectory() as folder:
        alone = shutil.copy(EXAMPLE, folder)  # without the neighbours that it has in the checkout
        installed, frozen = medians(rounds, [*OURS, "check", alone], [program, "check", alone])
    figures = f"{frozen * 1000:.0f} ms, installed {installed * 1000:.0f} ms"
    print(f"check: {figures}, {frozen / installed:.2f} times that (at most 1.3)")


if __name__ == "__main__":
    main()
