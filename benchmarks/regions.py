"""How often a new, harsh advisor's region is named in simulated years, and how many others are.

Run it with: python benchmarks/regions.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from test_simulated_world import ADVISORS, SEEDS, named, world


def main() -> None:
    for new, share in ((0, 1), (3, 1), (0, 2), (3, 2)):
        years = [world(seed, harsh=seed % ADVISORS, new=new, share=share) for seed in range(SEEDS)]
        found = [(seed % ADVISORS // share, named(year)) for seed, year in enumerate(years)]
        hits = sum(harsh in regions for harsh, regions in found)
        others = sum(len(regions - {harsh}) for harsh, regions in found)
        print(
            f"{share} advisors a region, {new} more new: named in {hits} of {SEEDS} years,"
            f" {others} others in all"
        )


if __name__ == "__main__":
    main()
