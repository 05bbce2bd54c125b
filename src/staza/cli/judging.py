"""`staza judge` and `staza evaluate`: files of logs in, findings or whole states out."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from staza.cli.answers import SHOWN, Answer, finding_answer, state_answer
from staza.engine import CaseState, Law, evaluate_together
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.cache import load_bundle
from staza.lawbook.casefile import CaseFile, read_case_file
from staza.lawbook.errors import CaseFileError

Answering = Callable[[Bundle, Law, CaseFile, int], Answer]


def judge(words: list[str]) -> int:
    """`staza judge FILE… [--json]`: exit 0 whatever it finds, 2 when a file cannot be read."""
    return _answer_all(_options("judge", words), _judged)


def evaluate(words: list[str]) -> int:
    """`staza evaluate FILE… [--as-of DATE] [--json]`: the whole state of each person."""
    return _answer_all(_options("evaluate", words), _evaluated)


def _judged(bundle: Bundle, law: Law, file: CaseFile, as_of: int) -> Answer:
    states = evaluate_together(file.histories, law, as_of=as_of)
    _say_loose(file, states)
    findings = [
        finding_answer(bundle, law, state.person, finding)
        for state in states
        for finding in state.findings
        if finding.verdict in SHOWN
    ]
    return {"id": file.id, "findings": sorted(findings, key=_finding_order)}


def _say_loose(file: CaseFile, states: list[CaseState]) -> None:
    """Ask once for each entry that may belong to several instances which of them it is about."""
    loose = {one.entry: one.candidates for state in reversed(states) for one in reversed(state.unbound)}
    for entry, candidates in sorted(loose.items()):
        print(
            f"staza: {file.id}: entry `{entry}` may belong to {' or '.join(candidates)} and was counted as possible in "
            f"each; add to it `concerns:` with the id of the entry that opened the right one.",
            file=sys.stderr,
        )


def _evaluated(bundle: Bundle, law: Law, file: CaseFile, as_of: int) -> Answer:
    return state_answer(bundle, law, file, evaluate_together(file.histories, law, as_of=as_of), as_of)


def _answer_all(options: argparse.Namespace, answering: Answering) -> int:
    """Answer every file; one that cannot be read is answered with its error, the others all the same."""
    bundle = load_bundle()
    answers, failed = [], False
    for path in options.files:
        try:
            file = read_case_file(path, bundle)
            as_of = as_of_day(file, options.as_of, path)
        except CaseFileError as fault:
            failed = True
            answers.append(_unreadable(path, fault))
            continue
        for notice in file.notices:
            print(f"staza: {notice}", file=sys.stderr)
        answers.append(
            answering(bundle, law_of(bundle, file.state, kept_by_authority=file.kept_by_authority), file, as_of)
        )
    _print(answers, as_json=options.json)
    return 2 if failed else 0


# -------------------------------------------------------------------------------------------------- the words


def _options(name: str, words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"staza {name}", description="Files of logs in, one answer a file out.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    parser.add_argument("--as-of", metavar="DATE", help="the day of the answer; else the file's `as_of`")
    return parser.parse_args(words)


def as_of_day(file: CaseFile, given: str | None, path: Path) -> int:
    """Give the day of the answer: the one given, else the file's; raises `CaseFileError` when there is none."""
    if given is not None:
        try:
            return date.fromisoformat(given).toordinal()
        except ValueError as fault:
            raise CaseFileError(
                f"`{given}` is no date.", "--as-of", f"{fault}.", "Write the day as YYYY-MM-DD."
            ) from None
    if file.as_of is None:
        raise CaseFileError(
            "There is no day to answer for.",
            str(path),
            "The file has no `as_of`.",
            "Add it, or give `--as-of DATE`.",
        )
    return file.as_of


def _unreadable(path: Path, fault: CaseFileError) -> Answer:
    print(f"staza: {fault}", file=sys.stderr)
    return {"id": path.stem, "error": fault.as_dict(), "findings": []}


def _finding_order(finding: Answer) -> tuple[int, str, str, str]:
    order = ("breach", "concern", "question")
    return order.index(finding["verdict"]), finding["person"], finding["rule"], finding["ref"]


def _print(answers: list[Answer], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answers, ensure_ascii=False, indent=1))
        return
    for answer in answers:
        if "error" in answer:  # said on stderr
            continue
        print(f"{answer['id']}: {len(answer['findings'])} findings")
        for one in answer["findings"]:
            print(f"  {one['verdict']:<9} {one['person']:<4} {one['message']}")
