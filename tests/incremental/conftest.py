"""The generator of small changes is a script of bench/."""

import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"

if str(BENCH) not in sys.path:
    sys.path.insert(0, str(BENCH))
