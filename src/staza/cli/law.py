"""`staza law …`: check and show here, the schemas, the open clauses and their answers in modules of their own."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from staza.lawbook.bundle import Bundle
from staza.lawbook.check import checked_law
from staza.lawbook.citations import in_words
from staza.lawbook.coverage import COUNTED, FactState, as_json, fact_states, without_cases
from staza.lawbook.errors import StazaError
from staza.lawbook.files import digest, law_folder, overlay_folder
from staza.lawbook.overlay import read_overlay
from staza.lawbook.running import Ran, run_examples

PLURAL = {"clock": "clocks", "guard": "guards", "duty": "duties", "benchmark": "benchmarks"}


def law(words: list[str]) -> int:
    """Run a sub-command of `staza law`."""
    parser = argparse.ArgumentParser(prog="staza law", description="The law as data.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="form, names, articles, worked cases, stories, coverage")
    check.add_argument("--json", action="store_true", help="the coverage of the facts as JSON")
    show = commands.add_parser("show", help="a rule with its sources, in words")
    show.add_argument("rule", nargs="?")
    show.add_argument("--json", action="store_true", help="one rule as JSON")
    show.add_argument("--all", action="store_true", help="every rule, as Markdown pages")
    show.add_argument("--out", type=Path, help="the folder for the pages of --all")
    show.add_argument("--who", metavar="STATE", help="who decides what in a State")
    show.add_argument("--on", metavar="DAY", help="the day for --who; else today")
    schema = commands.add_parser("schema", help="the JSON Schemas of the law files, for an editor")
    schema.add_argument("--check", action="store_true", help="compare with law/schema and write nothing")
    asked = commands.add_parser("questions", help="the open clauses of a State's law, as a sheet to fill in")
    asked.add_argument("jurisdiction", help="code or name of a State, EU or ECHR")
    asked.add_argument("--format", choices=("csv", "xlsx", "md"), help="else that of the file's name, else md")
    asked.add_argument("--out", type=Path, metavar="FILE", help="else it is printed")
    asked.add_argument("--secondary", action="store_true", help="also what is known second-hand")
    confirm = commands.add_parser("confirm", help="take a filled sheet into the overlay of the installation")
    confirm.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX or Markdown")
    confirm.add_argument("--overlay", type=Path, metavar="DIR", help="else the folder that STAZA_LAW_OVERLAY names")
    confirm.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    compared = commands.add_parser("compare", help="national law beside acts of the Union, with the differences")
    compared.add_argument("state", help="code or name of a State")
    compared.add_argument("acts", nargs="+", metavar="ACT", help="such as eu.2013-32")
    compared.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(words)
    folder = law_folder()
    if options.command == "schema":
        from staza.cli.schemas import schemas

        return schemas(folder, check=options.check)
    if options.command in ("questions", "confirm"):
        from staza.cli import confirming

        return (confirming.questions if options.command == "questions" else confirming.confirm)(folder, options)
    if options.command == "compare":
        from staza.cli.comparing import show_comparison

        bundle, sources = checked_law(folder, digest(folder, "compare", overlay_folder()), overlay_folder())
        return show_comparison(bundle, sources, options.state, options.acts, as_json=options.json)
    if options.command == "show":
        overlay = overlay_folder()
        bundle, sources = checked_law(folder, digest(folder, "show", overlay), overlay)
        from staza.cli.showing import show_all, show_rule

        asked_for = [bool(options.rule), options.all, bool(options.who)].count(True)
        if asked_for != 1:
            raise StazaError(
                "No rule is named." if not asked_for else "One rule, all rules or who decides are asked for at once.",
                "law show",
                "It shows one rule by its id, with `--all` writes every rule, with `--who` says who decides what.",
                "Write `staza law show RULE`, such as returns.detention.maximum, or `staza law show --all`.",
            )
        if options.on and not options.who:
            raise StazaError(
                "`--on` is said without `--who`.",
                "law show",
                "Only who decides what is shown for a day.",
                "Write `staza law show --who BA --on 2026-10-01`, or leave `--on` out.",
            )
        if options.who:
            from staza.cli.competences import show_who

            return show_who(bundle, sources, options.who, options.on, as_json=options.json)
        if options.all:
            return show_all(bundle, sources, folder, options.out or Path("build/docs"))
        return show_rule(bundle, sources, folder, options.rule, as_json=options.json)
    return _check(folder, overlay_folder(), as_json_wanted=options.json)


def _check(folder: Path, overlay: Path | None, *, as_json_wanted: bool) -> int:
    """Check the law as it is written, and an overlay with its own worked cases and stories on top of it."""
    bundle, sources = checked_law(folder, digest(folder, "check"))
    ran = run_examples(bundle, folder)
    faults = list(_faults(ran, folder))
    faults += without_cases(bundle, sources, ran.outcomes)
    if overlay is not None:
        laid, _ = checked_law(folder, digest(folder, "check", overlay), overlay)
        faults += _faults(run_examples(laid, overlay, folder), overlay)
        answers = Counter(one.answer for one in read_overlay(overlay).answers.values())
        print(
            f"staza: overlay {overlay}: clauses confirmed: {answers['confirmed']}, corrected: {answers['corrected']}.",
            file=sys.stderr,
        )
    for fault in faults:
        print(f"staza: {fault}", file=sys.stderr)
    states = fact_states(bundle, sources, ran.outcomes)
    if as_json_wanted:
        told = {"read": len(ran.stories), "days": ran.days, "expectations": ran.expectations}
        print(json.dumps({**as_json(states), "stories": told}, ensure_ascii=False, indent=1))
    else:
        _print(bundle, states, ran)
    return 1 if faults else 0


def _faults(ran: Ran, folder: Path) -> Iterator[str]:
    for one in ran.outcomes:
        for fault in one.faults:
            yield f"a worked case does not hold: {one.row.file}, {one.row.name}: {fault}"
    for difference in ran.differences:
        yield f"a story does not hold: {difference.placed(folder)}"


def _print(bundle: Bundle, states: list[FactState], ran: Ran) -> None:
    hold = sum(not one.faults for one in ran.outcomes)
    cases = f"{len(ran.outcomes)} worked cases"
    print(
        f"{len(bundle.rules)} rules, {len(bundle.instruments)} instruments,"
        f" {cases if hold == len(ran.outcomes) else f'{hold} of {cases} hold'}"
    )
    print(f"stories: {len(ran.stories)}, days: {ran.days}, expectations: {ran.expectations}")
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
