"""Competence: who may take a decision, as dated data that becomes safeguards of the rules of a State.

A row says which bodies decide what, from when until when. It is read out as a safeguard on these entries: one whose
`by` names a body of the State must name one that is competent on that day. A unit of a competent body is competent,
and so is the body of which it is a unit. What `by` says besides (`authority`, `requested_state`, a word that no file
lists) is not judged, nor is an entry without it. What was read in the text gives a concern; what is known second-hand
or was not read gives a question.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from staza.engine.expressions import COMPARISONS, Tree
from staza.engine.types import Condition, Opening
from staza.lawbook.bundle import Bundle, Checking, KnownBody, KnownRow
from staza.lawbook.citations import act_of, article_of
from staza.lawbook.errors import LawError
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import FileReader, Place, Sources
from staza.lawbook.rules import day_of
from staza.lawbook.schema_competence import Body, CompetenceFile, Mandate

NOT_READ = "not_read"
READ = ("verified-text", "confirmed", "corrected")  # states of checking of what was read in the text
OF_THE_FILE = ("exists", "running", "lapsed", "binds", "vulnerable_as")  # functions that read no entry to come
FIRST, LAST = 1, 10**9  # a row without days holds on all of them


def mandates(reader: FileReader, file: CompetenceFile) -> Iterator[tuple[int, Mandate, dict[str, Any]]]:
    """Give each row with its place and the safeguard that it is; raises `LawError` at the first fault."""
    _state(reader, file)
    bodies = _bodies(reader, file)
    known = ", ".join(sorted(bodies))
    for n, row in enumerate(file.rows):
        _row(reader, file, n, bodies)
        yield n, row, _safeguard(row, known, bodies)
    _contradictions(reader, file)


def open_condition(row: Mandate) -> tuple[str, Condition] | None:
    """Give the condition that only a lawyer can answer, of a row that nobody read."""
    if row.by != NOT_READ:
        return None
    return _asked(row), Condition(_asked(row), asks=row.asks, answered_by="legal", cites=tuple(row.cites))


def verdict_of(cite: str, checking: Checking) -> str:
    """Give the finding of a row by how its article was checked; an article that is not known is not read."""
    return "concern" if checking.state in READ and article_of(cite) != "?" else "question"


def competent_on(file: CompetenceFile, day: int) -> list[Mandate]:
    """Give the rows that hold on a day."""
    return [row for row in file.rows if _days(row)[0] <= day < _days(row)[1]]


def there_on(file: CompetenceFile, day: int) -> list[Body]:
    """Give the bodies that are there on a day."""
    return [one for one in file.bodies if (day_of(one.since) or FIRST) <= day < (day_of(one.until) or LAST)]


def faults_of_recorders(sources: Sources) -> Iterator[tuple[str, str]]:
    """Give each function that records by the law and that the vocabulary does not list, with the place."""
    for name, kind in sources.kinds.items():
        for one in kind.recorded_by:
            if one not in sources.recorders:
                yield one, f"law/{sources.places[name]}, `{name}`, key `recorded_by`"
    for file in sources.competence.values():
        for body in file.bodies:
            for one in body.records_as:
                if one not in sources.recorders:
                    yield one, f"law/{sources.places[file.competence]}, `{body.body}`, key `records_as`"


# ----------------------------------------------------------------------------------------------- one file


def _state(reader: FileReader, file: CompetenceFile) -> None:
    if file.competence not in reader.bundle.states:
        raise reader.fault(
            f"`{file.competence}` is no State.",
            ["competence"],
            "law/vocabularies/states.yaml lists the States by name.",
            did_you_mean(file.competence, reader.bundle.states) or "Correct the name, or list the State.",
        )


def _bodies(reader: FileReader, file: CompetenceFile) -> dict[str, set[str]]:
    """Give for each body the codes that stand for it: itself, its units, and the bodies of which it is a unit."""
    listed: dict[str, Body] = {}
    for n, one in enumerate(file.bodies):
        reader.once(listed, one.body, ["bodies", n, "body"])
        listed[one.body] = one
        _order(reader, one.since, one.until, ["bodies", n], one.body)
    above: dict[str, list[str]] = {}
    for n, one in enumerate(file.bodies):
        above[one.body], here = [], one
        while here.part_of is not None:
            if here.part_of not in listed or here.part_of in (one.body, *above[one.body]):
                raise _no_body(reader, here.part_of, listed, ["bodies", n, "part_of"])
            above[one.body].append(here.part_of)
            here = listed[here.part_of]
    return {code: {code, *above[code], *(one for one in above if code in above[one])} for code in listed}


def _no_body(reader: FileReader, name: str, listed: Mapping[str, object], keys: Place) -> LawError:
    return reader.fault(
        f"`{name}` is no body here.",
        keys,
        "`bodies` of this file does not list it, or it would be a part of itself.",
        did_you_mean(name, listed) or "List it under `bodies`, or correct the code.",
    )


def _order(reader: FileReader, first: str | None, until: str | None, keys: Place, name: str) -> None:
    if first and until and until <= first:
        raise reader.fault(
            f"`{name}` ends before it begins.",
            [*keys, "until"],
            f"It holds from {first}, and {until} is the first day on which it does so no longer.",
            "Correct one of the two days.",
        )


def _row(reader: FileReader, file: CompetenceFile, n: int, bodies: Mapping[str, set[str]]) -> None:
    row = file.rows[n]
    keys: Place = ["rows", n]
    _order(reader, row.from_, row.until, keys, row.id)
    reader.openings(row.decides, [*keys, "decides"])
    if row.by == NOT_READ and not row.asks:
        raise reader.fault(
            f"`{row.id}` was not read and asks nothing.",
            [*keys, "id"],
            "Who decides is a question to a lawyer where nobody here has read it.",
            "Add `asks:`, or name the bodies under `by:`.",
        )
    act = act_of(row.cites[0]) if row.cites else ""
    if file.competence not in reader.bundle.bindings.get(act, {}) or not reader.bundle.instruments[act].closed:
        raise reader.fault(
            f"`{row.id}` rests on no law of {file.competence}.",
            [*keys, "cites"],
            "Who decides is said by an act that binds this State and no other, or by one of its agreements.",
            "Cite that act first.",
        )
    for i, code in enumerate([] if row.by == NOT_READ else row.by):
        if code not in bodies:
            raise _no_body(reader, code, bodies, [*keys, "by", i])
        body = next(one for one in file.bodies if one.body == code)
        starts, ends = day_of(body.since) or FIRST, day_of(body.until) or LAST
        if starts >= _days(row)[1] or ends <= _days(row)[0]:
            raise reader.fault(
                f"`{code}` is not there on any day of `{row.id}`.",
                [*keys, "by", i],
                "The body begins after the row ends, or ended before it begins.",
                "Correct the days of the row or of the body.",
            )


def _days(row: Mandate) -> tuple[int, int]:
    """Give the first day of a row and the first no longer."""
    return day_of(row.from_) or FIRST, day_of(row.until) or LAST


def _contradictions(reader: FileReader, file: CompetenceFile) -> None:
    """Two rows that say on one day of the same entry that other bodies decide it."""
    for (_, one), (n, other) in combinations(enumerate(file.rows), 2):
        first, second = _days(one), _days(other)
        apart = first[0] >= second[1] or second[0] >= first[1]
        same = one.by == other.by or (isinstance(one.by, list) and {*one.by} == {*other.by})
        if not apart and not same and (shared := _shared(one, other)):
            raise reader.fault(
                f"`{one.id}` and `{other.id}` say that different bodies decide `{shared}`.",
                ["rows", n, "id"],
                "Both hold on the same day, and no condition tells them apart.",
                "End the older row with `until:`, add `where` to both, or name all bodies in one row.",
            )


def _shared(one: Mandate, other: Mandate) -> str | None:
    """Give a kind of entry that two rows both decide: one of them without condition, or with the same one."""
    theirs = [tuple(str(text).partition(" where ")[::2]) for text in other.decides]
    for text in one.decides:
        kind, _, where = str(text).partition(" where ")
        if any(kind == name and (where == cond or not where or not cond) for name, cond in theirs):
            return kind
    return None


# ------------------------------------------------------------------------------------------- as a safeguard


def _safeguard(row: Mandate, known: str, bodies: Mapping[str, set[str]]) -> dict[str, Any]:
    if isinstance(row.by, str):
        requires = _asked(row)
    else:
        requires = f"by in [{', '.join(sorted({code for one in row.by for code in bodies[one]}))}]"
    made: dict[str, Any] = {
        "id": row.id,
        "title": row.title,
        "safeguard": "derogable",
        "on": row.decides,
        "if": f"shown(by in [{known}])",
        "requires": requires,
        "finding": "question",  # until it is known how the article was checked, see `verdict_of`
        "owner": "legal",
        "applies_from": row.from_,
        "applies_until": row.until,
        "cites": row.cites,
        "facts": row.facts,
    }
    return {key: value for key, value in made.items() if value is not None}


def _asked(row: Mandate) -> str:
    return row.id.replace(".", "_").replace("-", "_")


# --------------------------------------------------------------------------------------------- before a decision


def known_rows(bundle: Bundle, sources: Sources) -> Iterator[tuple[str, KnownRow]]:
    """Give what each row says of a decision that is not there yet; all conditions have been read."""
    rules = {rule.id: rule for rule in bundle.rules if rule.id in sources.mandates}
    for file in sources.competence.values():
        known = {
            one.body: KnownBody(one.body, one.label, day_of(one.since) or FIRST, day_of(one.until) or LAST)
            for one in file.bodies
        }
        for row in file.rows:
            bodies = () if row.by == NOT_READ else tuple(known[code] for code in row.by)
            decides = tuple(Opening(one.kind, _beforehand(one.where, bundle)) for one in rules[row.id].on)
            yield row.id, KnownRow(bodies, row.asks if row.by == NOT_READ else "", decides)


def _beforehand(tree: Tree | None, bundle: Bundle) -> Tree:
    """Give a condition on an entry as it can be asked before the entry is there.

    What the entry itself will say, and what is only not shown, is not known; `said` reads the instance, never another
    application.
    """
    head, *parts = tree or ["true"]
    if head in ("and", "or", "not"):
        return [head, *(_beforehand(part, bundle) for part in parts)]
    if head == "call" and parts[0] == "shown":
        return _beforehand(parts[1][0], bundle)
    if head == "in" or head in COMPARISONS:
        left = _recorded(parts[0], bundle)
        return ["unknown"] if left is None else [head, left, *parts[1:]]
    if head == "name" and (named := bundle.conditions.get(parts[0])) and named.tree:
        return _beforehand(named.tree, bundle)
    if head == "name" or (head == "call" and parts[0] == "said"):
        return _recorded([head, *parts], bundle) or ["unknown"]
    of_the_file = head in ("true", "false") or (head == "call" and parts[0] in OF_THE_FILE)
    return [head, *parts] if of_the_file else ["unknown"]


def _recorded(tree: Tree, bundle: Bundle) -> Tree | None:
    """Give what the file or the instance records under a name, None for what only the entry to come will say."""
    if tree[0] == "call" and tree[1] == "said":
        name: Tree = tree[2][0]
        return name
    return tree if tree[0] == "name" and tree[1] not in bundle.fields else None
