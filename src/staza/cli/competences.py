"""`staza law show --who STATE`: the bodies of a State, what each decides on a day, and what it may record."""

import json
from datetime import date
from typing import Any

from staza.cli.answers import CHECKED, NOT_THE_ACT, checking, is_outside_the_act
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import in_words
from staza.lawbook.clauses import jurisdiction_named
from staza.lawbook.competence import NOT_READ, competent_on, there_on
from staza.lawbook.errors import StazaError
from staza.lawbook.reader import Sources
from staza.lawbook.schema_competence import CompetenceFile, Mandate


def show_who(bundle: Bundle, sources: Sources, state: str, on: str | None, *, as_json: bool = False) -> int:
    """Print who decides what on a day, today where none is given; raises `StazaError` for another day or State."""
    day = _day(on)
    code, name = jurisdiction_named(bundle, state)
    file = sources.competence.get(name)
    if file is None:
        raise StazaError(
            f"The law does not say who decides what in {name}.",
            "law show --who",
            f"law/competence has no file for {code}.",
            f"It has one for {', '.join(sorted(sources.competence))}.",
        )
    plain = _plain(bundle, sources, file, day)
    print(json.dumps(plain, ensure_ascii=False, indent=1) if as_json else _page(plain))
    return 0


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()  # noqa: DTZ011 - a day of the reader, not of a file
    except ValueError:
        raise StazaError(
            f"`{text}` is no day.", "law show --on", "A day is written YYYY-MM-DD.", "Write it as 2026-10-01."
        ) from None


def _plain(bundle: Bundle, sources: Sources, file: CompetenceFile, day: date) -> dict[str, Any]:
    there = there_on(file, day.toordinal())
    records: dict[str, list[str]] = {}
    for name, kind in sources.kinds.items():
        for function in kind.recorded_by:
            records.setdefault(function, []).append(name)
    return {
        "state": file.competence,
        "on": day.isoformat(),
        "decides": [_row(bundle, row, file) for row in competent_on(file, day.toordinal())],
        "bodies": [
            {
                "body": one.body, "label": one.label, "part_of": one.part_of, "since": one.since, "until": one.until,
                "cites": list(one.cites), "cites_in_words": [in_words(cite, bundle.shorts) for cite in one.cites],
                "records_as": list(one.records_as),
                "records": sorted({name for function in one.records_as for name in records.get(function, ())}),
            }
            for one in there
        ],
    }  # fmt: skip


def _row(bundle: Bundle, row: Mandate, file: CompetenceFile) -> dict[str, Any]:
    labels = {one.body: one.label for one in file.bodies}
    return {
        "rule": row.id, "title": row.title, "decides": list(row.decides),
        "by": None if row.by == NOT_READ else list(row.by),
        "by_in_words": row.asks if row.by == NOT_READ else ", ".join(labels[one] for one in row.by),
        "from": row.from_, "until": row.until, "cites": list(row.cites),
        "cites_in_words": [in_words(cite, bundle.shorts) for cite in row.cites], "facts": list(row.facts),
        **checking(bundle, row.id),
    }  # fmt: skip


def _how(row: dict[str, Any]) -> str:
    """Say how a row was checked; where no article is known, what was read was not the act."""
    if is_outside_the_act(row["checked"], row["cites"][0]):
        return NOT_THE_ACT
    return CHECKED.get(row["checked"], "")


def _page(plain: dict[str, Any]) -> str:
    lines = [f"# Who decides what in {plain['state']} on {plain['on']}", ""]
    lines += ["| what | by | from | article | how it was checked |", "|---|---|---|---|---|"]
    for row in plain["decides"]:
        by = row["by_in_words"] if row["by"] else f"not read: {row['by_in_words']}"
        cites = ", ".join(row["cites_in_words"])
        lines.append(f"| {row['title']} | {by} | {row['from'] or ''} | {cites} | {_how(row)} |")
    lines += ["", "| body | `by` | article | records, in its functions |", "|---|---|---|---|"]
    for one in plain["bodies"]:
        functions, count = ", ".join(one["records_as"]), len(one["records"])
        records = f"{functions}: {count} kinds of entry" if count else ""
        lines.append(f"| {one['label']} | `{one['body']}` | {', '.join(one['cites_in_words'])} | {records} |")
    return "\n".join(lines) + "\n"
