"""`staza law questions` and `staza law confirm`: open clauses out as a sheet, the filled sheet back into an overlay."""

import sys
import tempfile
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from staza.cli.pages import write_page
from staza.lawbook.bundle import Bundle
from staza.lawbook.check import checked_law
from staza.lawbook.citations import act_of
from staza.lawbook.clauses import clauses_of, jurisdiction_named, jurisdictions
from staza.lawbook.confirming import (
    ABOUT,
    ANSWERS,
    BOUNDS,
    COLUMNS,
    FILLED,
    KEYED,
    files_of,
    joined,
    open_clauses,
    row_of,
    said_answer,
    taken,
    trial,
    write_files,
)
from staza.lawbook.confirming_binds import BINDING
from staza.lawbook.errors import StazaError
from staza.lawbook.files import digest, overlay_folder
from staza.lawbook.overlay import Overlay, read_overlay
from staza.lawbook.sheets import as_csv, as_markdown, as_xlsx, format_of, read_sheet

UNITS = ("days", "working_days", "weeks", "months", "years", "hours")


def questions(folder: Path, options: Namespace) -> int:
    """Write the open clauses of a jurisdiction, the one that most depends on first, as a sheet to fill in."""
    bundle, sources = checked_law(folder, digest(folder, "questions"))
    code, name = jurisdiction_named(bundle, options.jurisdiction)
    overlay = _overlay(overlay_folder(), bundle)
    found = open_clauses(clauses_of(bundle, sources), overlay.answers, code, secondary=options.secondary)
    rows = [row_of(one, bundle) for one in found]
    _write(rows, bundle, format_of(options.out, options.format), options.out)
    if not any(code in jurisdictions(act) for act in bundle.instruments):
        print(f"staza: {name}: the law has no act of its own yet, so nothing can be asked.", file=sys.stderr)
        return 0
    waiting = len({rule for one in found for rule in one.rules})
    print(f"staza: {name}: clauses to answer: {len(found)}; rules that rest on them: {waiting}.", file=sys.stderr)
    return 0


def _write(rows: list[dict[str, str]], bundle: Bundle, kind: str, out: Path | None) -> None:
    if kind != "xlsx":
        text = as_csv(COLUMNS, rows) if kind == "csv" else _page(rows)
        if out is None:
            print(text, end="")
            return
        write_page(out, f"\ufeff{text}" if kind == "csv" else text)  # the mark lets Excel read UTF-8
        print(out)
        return
    if out is None:
        raise StazaError(
            "A sheet of Excel is not printed.", "law questions", "It is no text.", "Give a file: `--out FILE.xlsx`."
        )
    codes = {
        "answer": dict.fromkeys(ANSWERS, ""),
        "confirmed by": bundle.functions,
        "right unit": dict.fromkeys(UNITS, ""),
        "right bound": dict.fromkeys(BOUNDS, ""),
        "right binding": dict.fromkeys(BINDING, ""),
    }
    data = as_xlsx(COLUMNS, rows, fill=FILLED, codes=codes, about=ABOUT)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(data)
    except OSError as fault:
        raise StazaError(
            "The sheet cannot be written.", str(out), fault.strerror or "unknown", "Give another path with `--out`."
        ) from None
    print(out)


def _page(rows: list[dict[str, str]]) -> str:
    return "".join(f"- {line}\n" for line in ABOUT) + "\n" + as_markdown(COLUMNS, rows)


def confirm(folder: Path, options: Namespace) -> int:
    """Take a filled sheet into the overlay: all rows or none; with `--dry-run` only say what would change."""
    given = overlay_folder() if options.overlay is None else options.overlay
    if given is None:
        raise StazaError(
            "There is no overlay to write to.", "law confirm",
            "Neither `--overlay` nor `STAZA_LAW_OVERLAY` names its folder.",
            "Give `--overlay DIR`; the commands read it where `STAZA_LAW_OVERLAY` names it.",
        )  # fmt: skip
    bundle, sources = checked_law(folder, digest(folder, "confirm"))
    clauses, overlay = clauses_of(bundle, sources), _overlay(given, bundle)
    today = datetime.now(UTC).date()
    got = taken(read_sheet(options.file, KEYED), options.file, clauses, bundle, sources, today)
    if got.faults:
        for fault in got.faults:
            print(f"staza: {fault}", file=sys.stderr)
        count = f"{len(got.faults)} of {len(got.faults) + len(got.answers)} filled rows"
        print(f"staza: nothing was written: {count} cannot be taken.", file=sys.stderr)
        return 2
    answers = joined(overlay, got.answers, clauses)
    files = files_of(overlay, answers)
    with tempfile.TemporaryDirectory(prefix="staza-overlay-") as place:
        trial(given, files, Path(place))
        after, _ = checked_law(folder, "trial", Path(place))
        before, _ = checked_law(folder, "trial", given) if given.is_dir() else (bundle, sources)
    for key in got.answers:
        if overlay.answers.get(key) != answers[key]:
            print(said_answer(key, answers[key], bundle))
    _effects(before, after)
    written = [] if options.dry_run else write_files(given, files)
    for path in written:
        print(path)
    print(
        f"staza: {len(got.answers)} answers taken, {got.empty} rows left empty"
        + ("; nothing was written (--dry-run)." if options.dry_run else f"; {len(written)} files written."),
        file=sys.stderr,
    )
    return 0


def _effects(before: Bundle, after: Bundle) -> None:
    """Say which acts bind otherwise, which rules get effect, and which change."""
    for act, rows in after.bindings.items():
        for state, made in rows.items():
            if made != before.bindings[act].get(state):
                count = sum(1 for rule in after.rules if rule.cites and act_of(rule.cites[0]) == act)
                print(f"  binds otherwise: {after.shorts[act]}, {state}; rules that rest on it: {count}")
    old = {rule.id: rule for rule in before.rules}
    for rule in after.rules:
        if rule.verified and not old[rule.id].verified:
            print(f"  gets effect: {rule.title or rule.id} ({rule.id})")
        if (rule.limits, rule.at_least, rule.at_most, rule.extensions, rule.cites) != _held(old, rule.id):
            print(f"  changes: {rule.title or rule.id} ({rule.id})")


def _held(rules: Mapping[str, object], ident: str) -> tuple[object, ...]:
    return tuple(getattr(rules[ident], key) for key in ("limits", "at_least", "at_most", "extensions", "cites"))


def _overlay(folder: Path | None, bundle: Bundle) -> Overlay:
    """Read an overlay that may not be there yet, and make its functions known."""
    made = read_overlay(folder) if folder is not None and folder.is_dir() else Overlay()
    bundle.functions.update(made.functions)
    return made
