"""From a clause to the row that asks about it, and from a filled row to the answer in an overlay.

Every row is checked by itself, and a sheet with a bad row changes nothing. What is written was first read back and
checked with the law under it.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from staza.engine.days import UNITS
from staza.lawbook.binds import days_answered, said_days, said_states
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import act_of, article_of, in_words, is_citation
from staza.lawbook.clauses import OPEN, Clause, Key, Value, jurisdictions
from staza.lawbook.confirming_binds import ASKED as DAYS
from staza.lawbook.confirming_binds import RIGHT, cells_of, day_in, right_days
from staza.lawbook.errors import StazaError
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.overlay import CONFIRMATIONS, Overlay, said_value, with_value
from staza.lawbook.reader import Sources
from staza.lawbook.rules import KINDS_OF_RULE
from staza.lawbook.schema_answers import ClauseAnswer, Confirmation, FormerClause
from staza.lawbook.sheets import SheetRow

ASKED = (
    "clause", "fact", "rule", "binds", "in words", "says", "value", "unit", "bound", *DAYS, "open because", "rules",
    "clocks", "safeguards", "waiting rules",
)  # fmt: skip
_ANSWERED = (
    "answer", "article", "gazette", "date", "confirmed by", "right value", "right unit", "right bound", "note",
)  # fmt: skip
FILLED = (*_ANSWERED, *RIGHT)
COLUMNS = (*ASKED, *FILLED)
KEYED = ("clause", "fact", "rule", "value", "unit", "bound", *_ANSWERED)  # what a filled sheet must still have
ANSWERS = ("confirmed", "corrected")
BOUNDS = ("max", "min", "exact")
WHY = {
    "memory-only": "read nowhere; without effect until it is confirmed",
    "article-not-read": "the article was not read",
    "no-value": "the law does not say how long",
    "no-day": "the day from which it binds was not read",
    "verified-secondary": "known second-hand only",
}
ABOUT = (
    "Each row is a clause that nobody could read in the gazette. Fill in the coloured columns; leave a row that you "
    "cannot answer empty.",
    "answer: `confirmed` where the text says what the row says, `corrected` where it says something else.",
    "article: as the act counts it, such as 118(3). gazette: name and number of the gazette that you read.",
    "date: the day on which you read it, such as 2026-11-20 or 20.11.2026.",
    "confirmed by: your function, from the list; never a name.",
    "right value, right unit, right bound: only in a corrected row, and only what is different.",
    "A row with States under `binds` asks whether the act binds them, from which day and until when (the first day no "
    "longer): right binding (yes or no), right from, right until (`none` where it still binds); the article is the one "
    "on entry into force.",
    "Then give the file to: staza law confirm FILE --dry-run",
)
_MORE = 12  # waiting rules that a row names


def open_clauses(
    clauses: Mapping[Key, Clause], answered: Iterable[Key], jurisdiction: str, *, secondary: bool = False
) -> list[Clause]:
    """Give the clauses of a jurisdiction that wait for an answer, the one that most depends on first."""
    states = (*OPEN, "verified-secondary") if secondary else OPEN
    done = set(answered)
    found = [
        one
        for one in clauses.values()
        if one.state in states and one.key not in done and jurisdiction in jurisdictions(act_of(one.cite))
    ]
    return sorted(found, key=lambda one: one.weight)


def row_of(clause: Clause, bundle: Bundle) -> dict[str, str]:
    """Give the row that asks about a clause."""
    titles = {rule.id: rule.title or rule.id for rule in bundle.rules}
    waiting = [titles[one] for one in clause.rules[:_MORE]]
    more = len(clause.rules) - len(waiting)
    return {
        "clause": clause.cite, "fact": clause.fact, "rule": clause.rule, "binds": clause.binds,
        "in words": clause_in_words(clause.cite, clause.binds, bundle), "says": clause.says,
        "value": _number(clause.value), "unit": clause.unit or "", "bound": clause.bound or "", **cells_of(clause.days),
        "open because": WHY.get(clause.state, clause.state), "rules": str(len(clause.rules)),
        "clocks": str(clause.clocks), "safeguards": str(clause.safeguards),
        "waiting rules": "; ".join(waiting) + (f"; and {more} more" if more > 0 else ""),
    }  # fmt: skip


def clause_in_words(cite: str, binds: str, bundle: Bundle) -> str:
    """Name a clause as a lawyer does: an article, or an act and the States about which it is asked."""
    if not binds:
        return in_words(cite, bundle.shorts)
    return f"{bundle.shorts.get(cite, cite)}: whether and from when it binds {said_states(binds, bundle.states)}"


def _number(value: float | None) -> str:
    return "" if value is None else str(int(value)) if float(value).is_integer() else str(value)


@dataclass
class Taken:
    """What a filled sheet gave: the answers by clause, the messages about bad rows, and the rows left empty."""

    answers: dict[Key, ClauseAnswer] = field(default_factory=dict)
    faults: list[StazaError] = field(default_factory=list)
    empty: int = 0


def taken(
    rows: Iterable[SheetRow], file: Path, clauses: Mapping[Key, Clause], bundle: Bundle, sources: Sources, today: date
) -> Taken:
    """Check the rows of a filled sheet, each by itself."""
    made, seen = Taken(), dict[Key, int]()
    checker = _Checker(file, clauses, bundle, sources, today)
    for row in rows:
        if not any(row.cells.get(column) for column in FILLED):
            made.empty += 1
            continue
        try:
            clause, answer = checker.row(row)
            if clause.key in seen:
                raise checker.fault(
                    row, "clause", "The clause is answered twice.", f"Row {seen[clause.key]} answers it as well.",
                    "Leave one of the two.",
                )  # fmt: skip
            seen[clause.key] = row.number
            made.answers[clause.key] = answer
        except StazaError as fault:
            made.faults.append(fault)
    return made


class _Checker:
    def __init__(
        self, file: Path, clauses: Mapping[Key, Clause], bundle: Bundle, sources: Sources, today: date
    ) -> None:
        self.file, self.clauses, self.bundle, self.sources, self.today = file, clauses, bundle, sources, today

    def fault(self, row: SheetRow, column: str, what: str, why: str, cure: str) -> StazaError:
        return StazaError(what, f"{self.file}, row {row.number}, column `{column}`", why, cure)

    def row(self, row: SheetRow) -> tuple[Clause, ClauseAnswer]:
        """Give the clause of a row and its answer; raises `StazaError` at the first cell that cannot stand."""
        clause = self._clause(row)
        answer = row.cells["answer"].casefold()
        if answer not in ANSWERS:
            what = f"`{row.cells['answer']}` is no answer." if answer else "The row has no answer."
            cure = did_you_mean(answer, ANSWERS) or "Write one of them, or empty the row."
            raise self.fault(row, "answer", what, "A row is `confirmed` or `corrected`.", cure)
        gazette = row.cells["gazette"]
        if not gazette:
            raise self.fault(
                row, "gazette", "The gazette is missing.", "A clause counts as read only with the place of its text.",
                "Write its name and number, such as: Official Gazette 88/15.",
            )  # fmt: skip
        article, days = self._article(row, clause), right_days(row, clause, answer, self.fault)
        value = self._value(row, clause, answer)
        was: Value = (clause.value, clause.unit, clause.bound)
        same_article = article_of(clause.cite) in (article, "?", "")
        if answer == "confirmed" and not same_article:
            raise self.fault(
                row, "article", f"A confirmed row names article {article}, the clause {article_of(clause.cite)}.",
                "To confirm is to find the same article.", "Write `corrected` as the answer, or correct the article.",
            )  # fmt: skip
        if answer == "corrected" and same_article and value == was and days == clause.days:
            raise self.fault(
                row, "answer", "The row corrects nothing.", "Article, value, bound and days are as the law has them.",
                "Fill in what is different, or write `confirmed` as the answer.",
            )  # fmt: skip
        return clause, ClauseAnswer.model_validate(
            {
                "answer": answer, "article": article, "value": value[0], "unit": value[1], "bound": value[2],
                "binding": days[0], "binds_from": days[1], "binds_until": days[2],
                "gazette": gazette, "confirmed_on": self._day(row), "confirmed_by": self._function(row),
                "note": row.cells["note"],
            }
        )  # fmt: skip

    def _clause(self, row: SheetRow) -> Clause:
        key = (row.cells["clause"], row.cells["fact"], row.cells["rule"], row.cells.get("binds", ""))
        clause = self.clauses.get(key)
        if clause is None:
            names = {" ".join(filter(None, one)): one for one in self.clauses}
            named = " ".join(filter(None, key))
            raise self.fault(
                row, "clause", f"`{named}` is no clause of the law.",
                "Its citation, fact, rule and States together name no clause.",
                did_you_mean(named, names) or "Leave the first four columns as `staza law questions` writes them.",
            )  # fmt: skip
        if clause.state == "verified-text":
            raise self.fault(
                row, "clause", f"`{clause.cite}` was read in the text and is not open.",
                "An overlay closes gaps; it does not set aside what was read.",
                "Empty the row; where the law is wrong, correct law/ with its source.",
            )  # fmt: skip
        held_now = {"value": _number(clause.value), "unit": clause.unit, "bound": clause.bound, **cells_of(clause.days)}
        for column, held in held_now.items():
            if row.cells.get(column, "") != (held or ""):
                raise self.fault(
                    row, column, f"The sheet has `{row.cells[column]}`, the law `{held or ''}`.",
                    "The law changed after the sheet was printed, or the cell was written over.",
                    "Print the sheet again; what is right stands in the columns whose names begin with `right`.",
                )  # fmt: skip
        return clause

    def _article(self, row: SheetRow, clause: Clause) -> str:
        article = re.sub(r"^(article|art\.?|rule|section|član|čl\.?)\s*", "", row.cells["article"], flags=re.IGNORECASE)
        article = article.replace(" ", "")
        if "article" in row.fractions:
            raise self.fault(
                row, "article", f"The cell holds the number {article}.",
                "A table keeps a number without the zeros at its end: 41.20 and 41.2 are the same to it.",
                "Format the cell as text, and write the article anew.",
            )  # fmt: skip
        if not article or article == "?" or not is_citation(f"{act_of(clause.cite)}/{article}"):
            what = f"`{row.cells['article']}` is no article." if article else "The article is missing."
            raise self.fault(
                row, "article", what, "It is written as the law cites it: number, paragraph, point.",
                "Write it such as 118(3), 118(3)(a), 54.7A(3) or 12bis.",
            )  # fmt: skip
        return article

    def _value(self, row: SheetRow, clause: Clause, answer: str) -> Value:
        given = {column: row.cells[f"right {column}"].casefold() for column in ("value", "unit", "bound")}
        was: Value = (clause.value, clause.unit, clause.bound)
        if answer == "confirmed" and any(given.values()):
            column = next(f"right {name}" for name, cell in given.items() if cell)
            raise self.fault(
                row, column, "A confirmed row has a value of its own.", "To confirm is to find the same value.",
                "Write `corrected` as the answer, or empty the cell.",
            )  # fmt: skip
        if answer == "confirmed" and clause.state == "no-value":
            raise self.fault(
                row, "answer", "There is nothing to confirm: the law has no value here.",
                "A clock without its length has no effect.",
                "Write `corrected` as the answer, and the length under `right value` and `right unit`.",
            )  # fmt: skip
        if given["value"] and not given["value"].isdigit():
            raise self.fault(
                row, "right value", f"`{given['value']}` is no whole number.", "A length is counted in whole units.",
                "Write the number alone, such as 60.",
            )  # fmt: skip
        for column, codes in (("unit", UNITS), ("bound", BOUNDS)):
            if given[column] and given[column].replace(" ", "_") not in codes:
                raise self.fault(
                    row, f"right {column}", f"`{given[column]}` is no {column}.", f"It is one of {', '.join(codes)}.",
                    did_you_mean(given[column], codes) or "Write one of them.",
                )  # fmt: skip
        new: Value = (
            int(given["value"]) if given["value"] else was[0],
            given["unit"].replace(" ", "_") or was[1],
            given["bound"] or was[2],
        )
        if new == was:
            return was
        if new[0] is None or new[1] is None:
            column = "right unit" if new[0] is not None else "right value"
            raise self.fault(
                row, column, "The value is not complete.", "A length has a number and a unit.", "Fill in both cells."
            )
        return self._placed(row, clause, was, new)

    def _placed(self, row: SheetRow, clause: Clause, was: Value, new: Value) -> Value:
        """See that every rule can take the value up."""
        for ident, raw in self.sources.merged.items():
            facts = self.sources.entries[ident].facts
            if ident == clause.rule or (clause.fact and clause.fact in facts):
                kind = next(kind for kind in KINDS_OF_RULE if raw.get(kind) is not None)
                try:
                    with_value(raw, kind, was, new, clause.fact)
                except ValueError as fault:
                    raise self.fault(
                        row, "right value", "The value cannot be put into the law by a sheet.",
                        f"What is in the way: {fault}.",
                        "Empty the row, and ask for a change of the rule itself in law/ with this source.",
                    ) from None  # fmt: skip
        return new

    def _day(self, row: SheetRow) -> str:
        text = row.cells["date"]
        try:
            day = date.fromisoformat(day_in(text))
        except ValueError:
            what = f"`{text}` is no date." if text else "The date is missing."
            raise self.fault(
                row, "date", what, "It says on which day the text was read.", "Write 2026-11-20 or 20.11.2026."
            ) from None
        if day > self.today:
            raise self.fault(row, "date", f"{day} has not come yet.", "Nobody has read a text later than today.",
                             "Correct the date.")  # fmt: skip
        return day.isoformat()

    def _function(self, row: SheetRow) -> str:
        given = row.cells["confirmed by"]
        known = self.bundle.functions
        codes = {label.casefold(): code for code, label in known.items()} | {code: code for code in known}
        code = codes.get(given.casefold()) or codes.get(given.casefold().replace(" ", "_"))
        if code is None:
            what = f"`{given}` is no function that is listed." if given else "Who confirms is missing."
            raise self.fault(
                row, "confirmed by", what,
                "Who confirms is named by the function, never by name.",
                did_you_mean(given, known) or f"Write one of {', '.join(known)}; an overlay can list more.",
            )  # fmt: skip
        return code


# ------------------------------------------------------------------------------------------------------- writing


def joined(
    overlay: Overlay, answers: Mapping[Key, ClauseAnswer], clauses: Mapping[Key, Clause]
) -> dict[Key, Confirmation]:
    """Give all answers of an overlay with new ones; one that takes the place of another keeps it under `earlier`."""
    made = dict(overlay.answers)
    for key, answer in answers.items():
        clause, before = clauses[key], overlay.answers.get(key)
        said_before = before.model_dump(include=set(ClauseAnswer.model_fields)) if before else None
        if said_before == answer.model_dump():
            continue  # the same sheet once more
        was = before.was if before else FormerClause(
            checked=clause.state, article=article_of(clause.cite), value=clause.value, unit=clause.unit,
            bound=clause.bound, binding=clause.days[0], binds_from=clause.days[1], binds_until=clause.days[2],
        )  # fmt: skip
        made[key] = Confirmation(
            clause=key[0], fact=key[1], rule=key[2], binds=key[3], **answer.model_dump(), was=was,
            earlier=[ClauseAnswer.model_validate(said_before), *before.earlier] if before else [],
        )  # fmt: skip
    return made


def files_of(overlay: Overlay, answers: Mapping[Key, Confirmation]) -> dict[str, str]:
    """Give the files of an overlay that change, by name; an answer stays in its file, a new one goes to its State's."""
    by_file: dict[str, list[Key]] = {}
    for key in sorted(answers):
        name = f"{min(jurisdictions(act_of(key[0]))).lower()}.yaml"
        if key in overlay.places:
            reader = overlay.places[key][0]
            name = str(reader.path.relative_to(reader.folder / CONFIRMATIONS))
        by_file.setdefault(name, []).append(key)
    head = "# Clauses of the law that were read in the gazette. Written by `staza law confirm`.\n"
    return {
        name: head + "".join(_entries([answers[key] for key in keys]))
        for name, keys in by_file.items()
        if any(overlay.answers.get(key) != answers[key] for key in keys)
    }


def _entries(entries: list[Confirmation]) -> Iterator[str]:
    for one in entries:
        keys = {"clause", "was"} | {k for k, v in one.model_dump().items() if v not in (None, "", [])}
        plain = one.model_dump(include=keys, exclude_none=True)
        named = ("clause", "fact", "rule", "binds")
        order = (*named, *(k for k in plain if k not in named))
        plain = {key: plain[key] for key in order if key in plain}
        yield yaml.safe_dump([plain], sort_keys=False, allow_unicode=True, width=100)


def trial(folder: Path | None, files: Mapping[str, str], into: Path) -> None:
    """Make the overlay as it would be in another folder, in order to check it before anything is written."""
    if folder is not None and folder.is_dir():
        shutil.copytree(folder, into, dirs_exist_ok=True)
    for name, text in files.items():
        path = into / CONFIRMATIONS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_files(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write the files of an overlay: all beside their place first, then each renamed into it; all or none."""
    place = folder / CONFIRMATIONS
    ready: list[tuple[Path, Path]] = []
    done: list[tuple[Path, bytes | None]] = []  # what stood there before
    try:
        for name, text in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
            ready.append((Path(beside), path))
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(beside).chmod(0o644)
        for beside_path, path in ready:
            done.append((path, path.read_bytes() if path.exists() else None))
            beside_path.replace(path)
    except OSError as fault:
        for path, before in done:
            path.unlink(missing_ok=True) if before is None else path.write_bytes(before)
        for beside_path, _ in ready:
            beside_path.unlink(missing_ok=True)
        raise StazaError(
            "The overlay cannot be written.", str(place), fault.strerror or "unknown",
            "Give another folder with `--overlay`.",
        ) from None  # fmt: skip
    return [path for _, path in ready]


def said_answer(key: Key, entry: Confirmation, bundle: Bundle) -> str:
    """Say an answer in one line: what of the clause changes."""
    was = said_value((entry.was.value, entry.was.unit, entry.was.bound)) or said_days(days_answered(entry.was))
    now = said_value((entry.value, entry.unit, entry.bound)) or said_days(days_answered(entry))
    named = clause_in_words(key[0], entry.binds, bundle) + (f" ({key[1] or key[2]})" if key[1] or key[2] else "")
    parts = [f"{named}: {entry.answer}"]
    if entry.article != entry.was.article and not entry.binds:
        parts.append(f"article {entry.was.article} -> {entry.article}")
    if now != was:
        parts.append(f"{was or 'no value'} -> {now}")
    parts.append(f"was {entry.was.checked}; {entry.gazette}, {entry.confirmed_on}, {entry.confirmed_by}")
    return "; ".join(parts)
