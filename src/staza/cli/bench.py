"""`staza bench`: runs the benchmarks of the checkout."""

import runpy
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "run.py"


def bench(words: list[str]) -> int:
    """Run the benchmarks; exit 2 where there is no checkout."""
    if not SCRIPT.is_file():
        print("staza: the benchmarks stand beside the source and are not installed with it.", file=sys.stderr)
        return 2
    status: int = runpy.run_path(str(SCRIPT))["main"](words)
    return status
