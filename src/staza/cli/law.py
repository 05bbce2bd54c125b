"""`staza law check` and `staza law show`."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from staza.lawbook.bundle import Bundle
from staza.lawbook.check import checked_law
from staza.lawbook.citations import in_words
from staza.lawbook.coverage import COUNTED, FactState, as_json, fact_states, outcomes
from staza.lawbook.errors import StazaError
from staza.lawbook.files import digest, law_folder
from staza.lawbook.reader import Sources

PLURAL = {"clock": "clocks", "guard": "guards", "duty": "duties", "benchmark": "benchmarks"}


def law(words: list[str]) -> int:
    """Run a sub-command of `staza law`."""
    parser = argparse.ArgumentParser(prog="staza law", description="The law as data.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="form, names, articles, worked cases, coverage")
    check.add_argument("--json", action="store_true", help="the coverage of the facts as JSON")
    show = commands.add_parser("show", help="a rule with its sources, in words")
    show.add_argument("rule", nargs="?")
    show.add_argument("--all", action="store_true", help="every rule, as Markdown pages")
    show.add_argument("--out", type=Path, help="the folder for the pages of --all")
    options = parser.parse_args(words)
    folder = law_folder()
    bundle, sources = checked_law(folder, digest(folder, "check"))
    if options.command == "show":
        from staza.cli.showing import show_all, show_rule

        if options.all == bool(options.rule):
            raise StazaError(
                "No rule is named." if not options.rule else "One rule and all rules are asked for at once.",
                "law show",
                "It shows one rule by its id, or with `--all` writes every rule.",
                "Write `staza law show RULE`, such as returns.detention.maximum, or `staza law show --all`.",
            )
        if options.all:
            return show_all(bundle, sources, folder, options.out or Path("build/docs"))
        return show_rule(bundle, sources, folder, options.rule)
    return _check(bundle, sources, folder, as_json_wanted=options.json)


def _check(bundle: Bundle, sources: Sources, folder: Path, *, as_json_wanted: bool) -> int:
    done = outcomes(bundle, folder)
    faults = [f"{one.row.file}, {one.row.name}: {fault}" for one in done for fault in one.faults]
    states = fact_states(bundle, sources, done)
    if as_json_wanted:
        print(json.dumps(as_json(states), ensure_ascii=False, indent=1))
    else:
        _print(bundle, states, len(done))
    for fault in faults:
        print(f"staza: a worked case does not hold: {fault}", file=sys.stderr)
    return 1 if faults else 0


def _print(bundle: Bundle, states: list[FactState], rows: int) -> None:
    print(f"{len(bundle.rules)} rules, {len(bundle.instruments)} instruments, {rows} worked cases")
    for kind in COUNTED:
        of_kind = [one for one in states if one.fact.kind == kind]
        counts = Counter(one.state for one in of_kind)
        print(
            f"{PLURAL[kind]:<11} encoded {counts['encoded']} of {len(of_kind)},"
            f" missing {counts['missing']}, explained {counts['explained']}"
        )
    by_act: dict[str, Counter[str]] = {}
    for one in states:
        by_act.setdefault(one.fact.instrument, Counter())[one.state] += 1
    for act, counts in sorted(by_act.items()):
        print(f"  {act:<15} encoded {counts['encoded']}, missing {counts['missing']}, explained {counts['explained']}")
    for one in states:
        if one.state == "missing":
            article = in_words(f"{one.fact.instrument}/{one.fact.article}", bundle.shorts)
            print(f"  missing: {one.fact.id} ({article}): {one.why}")
