"""Speed, as medians and as ratios to a peer measured in the same run; never a test.

    python benchmarks/run.py [NAME …] [--small]

Each benchmark ends with one line of JSON: `name`, `median`, `unit`, `versions`, `ratios` (above 1: we are faster).
`--small` finishes in 50 seconds. The targets are those of the README of this folder.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from staza import __version__
from staza.engine import evaluate
from staza.engine.explain import explain
from staza.lawbook.bundle import law_of
from staza.lawbook.cache import load_bundle
from staza.lawbook.casefile import read_case

ROOT = Path(__file__).parents[1]
STAZA = Path(sys.executable).with_name("staza")
TWELVE = [
    ("2014-01-10", "asylum_application_made", {}),
    ("2014-01-12", "application_lodged", {}),
    ("2014-01-20", "eurodac_hit", {}),
    ("2014-02-01", "take_back_requested", {"to_state": "Italy"}),
    ("2014-02-20", "take_back_accepted", {}),
    ("2014-03-01", "transfer_decision_issued", {"to_state": "Italy"}),
    ("2014-03-05", "appeal_lodged", {"against": "transfer_decision"}),
    ("2014-05-05", "appeal_decided", {"against": "transfer_decision", "result": "upheld"}),
    ("2014-06-01", "detention_ordered", {"ground": "removal"}),
    ("2014-06-02", "return_decision_issued", {"days": 7}),
    ("2014-07-01", "detention_reviewed", {"by": "court"}),
    ("2014-09-01", "released", {}),
]


def timed(work: Callable[[], Any], *, runs: int) -> float:
    """Give the median seconds of a call over several runs, the first left out."""
    work()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def twelve_events() -> dict[str, Any]:
    """A log of twelve entries with an application, a request, custody and a return."""
    timeline = [{"date": day, "what": what, **fields} for day, what, fields in TWELVE]
    return {
        "id": "twelve",
        "as_of": "2015-01-01",
        "state": "Austria",
        "persons": [{"ref": "p1", "minor": False}],
        "timeline": timeline,
    }


def fifteen_clocks(entries: list[tuple[date, str]]) -> list[tuple[str, date, bool]]:
    """The peer: a hand-written evaluator of fifteen clocks, with no law, doubt, article or reason in it."""
    first: dict[str, date] = {}
    for day, what in entries:
        first.setdefault(what, day)
    found = []
    for n in range(15):
        start = first.get(TWELVE[n % 12][1])
        met = first.get(TWELVE[(n + 3) % 12][1])
        if start is not None:
            due = start + timedelta(days=30 + n)
            found.append((TWELVE[n % 12][1], due, met is not None and met <= due))
    return found


def bench_evaluate(*, small: bool) -> dict[str, Any]:
    """One log of twelve entries, all rules."""
    bundle = load_bundle(ROOT / "law")
    file = read_case(twelve_events(), bundle, where="twelve")
    law, history, as_of = law_of(bundle, file.state), file.histories[0], file.as_of or 0
    plain = [(date.fromordinal(e.first), e.kind) for e in history.events]
    runs = 50 if small else 500
    ours = timed(lambda: evaluate(history, law, as_of=as_of), runs=runs)
    peer = timed(lambda: fifteen_clocks(plain), runs=runs)
    return answer("evaluate", ours * 1000, "ms", {"fifteen clocks by hand": peer / ours}, rules=len(law.rules))


def bench_explain(*, small: bool) -> dict[str, Any]:
    """One finding explained, on demand."""
    bundle = load_bundle(ROOT / "law")
    file = read_case(twelve_events(), bundle, where="twelve")
    state = evaluate(file.histories[0], law_of(bundle, file.state), as_of=file.as_of or 0)
    clock = next(c for c in state.clocks if c.due)
    return answer("explain", timed(lambda: explain(state, clock), runs=50 if small else 500) * 1000, "ms", {})


def run(*words: str) -> None:
    """Run a command and wait for it."""
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def bench_start(*, small: bool) -> dict[str, Any]:
    """`staza judge` on one file with a warm cache, beside `python -c pass`."""
    path = ROOT / "law" / "examples" / "judgments" / "cjeu-c-357-09.yaml"
    runs = 7 if small else 25
    ours = timed(lambda: run(str(STAZA), "judge", str(path), "--json"), runs=runs)
    peer = timed(lambda: run(sys.executable, "-c", "pass"), runs=runs)
    return answer("start", ours * 1000, "ms", {"python -c pass": peer / ours}, times_python=round(ours / peer, 1))


def bench_many(*, small: bool) -> dict[str, Any]:
    """The judgments, their twins and their variants in one call, as the scorer writes them."""
    cases = ROOT / "law" / "examples" / "judgments"
    with tempfile.TemporaryDirectory() as folder:
        scorer = ROOT / "tests" / "judgments" / "score_judgments.py"
        words = [sys.executable, str(scorer), "--write", folder, "--variants", "--twins", str(cases / "twins")]
        run(*words, *map(str, sorted(cases.glob("*.yaml"))))
        files = sorted(map(str, Path(folder).glob("*.yaml")))
        ours = timed(lambda: run(str(STAZA), "judge", *files, "--json"), runs=2 if small else 7)
        peer = timed(lambda: [yaml.load(Path(f).read_bytes(), Loader=yaml.CSafeLoader) for f in files], runs=3)
    return answer("many", ours, "s", {"reading the YAML alone": peer / ours}, files=len(files))


def bench_check(*, small: bool) -> dict[str, Any]:
    """`staza law check`, all files and worked cases."""
    ours = timed(lambda: run(str(STAZA), "law", "check"), runs=2 if small else 7)
    return answer("check", ours, "s", {})


def answer(name: str, median: float, unit: str, ratios: dict[str, float], **more: Any) -> dict[str, Any]:
    """Put a result under the keys of its contract."""
    versions = {"staza": __version__, "python": platform.python_version()}
    rounded = {peer: float(f"{ratio:.3g}") for peer, ratio in ratios.items()}
    return {"name": name, "median": round(median, 3), "unit": unit, "versions": versions, "ratios": rounded, **more}


BENCHMARKS = {
    "evaluate": bench_evaluate,
    "explain": bench_explain,
    "start": bench_start,
    "many": bench_many,
    "check": bench_check,
}


def main(words: list[str] | None = None) -> int:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="staza bench", description="Speed beside a peer of the same run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all without one")
    parser.add_argument("--small", action="store_true", help="finish in 50 seconds")
    options = parser.parse_args(words)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        print(f"staza: `{unknown[0]}` is no benchmark; known are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    for name in options.names or BENCHMARKS:
        print(json.dumps(BENCHMARKS[name](small=options.small)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
