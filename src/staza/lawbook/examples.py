"""Worked cases: a base log, then rows of a change and what fires.

A file of `law/examples` (judgments and stories apart) has `title`, `base` (the content of a log) and `cases`. A row
has `name`, `why`, changes in the grammar of the twins (`as_of`, `set`, `drop`, `remove`, `move`, `add`, in this
order), `unlisted` (codes that no vocabulary lists, where the case is about them), `fires` (a rule, or `{rule, verdict,
status, limit_on, due, practice, person, cites, blocks}`) and `silent` (rules).

A rule fires when it gives a finding that is no question, an open duty, a blocked act that the row names, a
clock that lapsed or was missed, or a validity that ended; it is silent when it gives none of these, and blocks
nothing where blocking is all that it does. A row that wants a question names `verdict: question`.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from staza.engine import CaseState, evaluate_together
from staza.engine.days import is_known
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.casefile import read_case
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import FileReader, Sources
from staza.lawbook.schema_examples import WorkedCasesFile

Plain: TypeAlias = dict[str, Any]  # content of YAML
OVER = frozenset({"lapsed", "missed", "met_late"})
OWN_FORM = frozenset({"judgments", "stories"})  # folders whose files are no worked cases


@dataclass(frozen=True)
class Row:
    """One row of a worked case, with the log that it makes."""

    file: str
    name: str
    why: str
    log: Plain
    fires: tuple[Plain, ...]
    silent: tuple[str, ...]
    unlisted: frozenset[str] = frozenset()


@dataclass
class Outcome:
    """What a row did: the rules that fired as wanted, those that were silent as wanted, and what differs."""

    row: Row
    fired: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def rows(folder: Path) -> Iterator[Row]:
    """Give the rows of all worked cases under a folder; judgments and stories are none."""
    for path in sorted(folder.rglob("*.yaml")):
        relative = path.relative_to(folder)
        if relative.parts[0] in OWN_FORM:
            continue
        reader = FileReader(path, folder.parent, Bundle(""), Sources())
        reader.model(WorkedCasesFile, reader.content, [])
        content = reader.content
        names = dict[str, int]()
        for n, case in enumerate(content["cases"]):
            reader.once(names, case["name"], ["cases", n, "name"])
            names[case["name"]] = n
            try:
                log = changed(content["base"], case)
            except (KeyError, TypeError, AttributeError, StopIteration):
                raise reader.fault(
                    f"The changes of `{case['name']}` cannot be made.",
                    ["cases", n],
                    "They name a person or key that the base log does not have, or an entry without its day.",
                    "Compare `set`, `drop`, `remove`, `move` and `add` with `base`.",
                ) from None
            fires = tuple(one if isinstance(one, dict) else {"rule": one} for one in case.get("fires") or [])
            yield Row(
                str(relative),
                case["name"],
                case["why"],
                log,
                fires,
                tuple(case.get("silent") or []),
                frozenset(case.get("unlisted") or []),
            )


def run(row: Row, bundle: Bundle) -> Outcome:
    """Evaluate a row and compare."""
    made = Outcome(row)
    file = read_case({"id": row.name, **row.log}, bundle, where=f"{row.file}, {row.name}")
    law = law_of(bundle, file.state, kept_by_authority=file.kept_by_authority)
    states = evaluate_together(file.histories, law, as_of=file.as_of or 0)
    known = {rule.id for rule in law.rules}
    for code in sorted(file.unlisted - row.unlisted):
        made.faults.append(f"`{code}` is a code that no vocabulary lists; `unlisted: [{code}]` says that it is meant")
    for code in sorted(row.unlisted - file.unlisted):
        made.faults.append(f"`{code}` stands under `unlisted` and is listed, or not in the log")
    for wanted in row.fires:
        if wanted["rule"] not in known:
            made.faults.append(_no_rule(wanted["rule"], known))
        elif any(_fires(wanted, state, law.acts.keys()) for state in states):
            made.fired.add(wanted["rule"])
        else:
            made.faults.append(f"{wanted} does not fire; it gives {_given(wanted['rule'], states)}")
    for rule in row.silent:
        if rule not in known:
            made.faults.append(_no_rule(rule, known))
        elif any(_speaks(rule, state) or _asks_only(rule, state) for state in states):
            made.faults.append(f"{rule} is not silent; it gives {_given(rule, states)}")
        else:
            made.silent.add(rule)
    return made


def _no_rule(name: str, known: set[str]) -> str:
    return f"{name} is no rule. {did_you_mean(name, known)}".rstrip()


def _fires(wanted: Plain, state: CaseState, acts: Any) -> bool:
    rule = wanted["rule"]
    if "person" in wanted and wanted["person"] != state.person:
        return False
    if "blocks" in wanted:
        return any(rule in b.rules and b.act == wanted["blocks"] for b in state.blocked)
    if {"status", "due", "practice"} & wanted.keys():
        return any(
            c.rule == rule
            and wanted.get("status", c.status[0]) in c.status
            and all(key not in wanted or _same_day(wanted[key], getattr(c, key)) for key in ("due", "practice"))
            for c in state.clocks
        )
    verdict = wanted.get("verdict")
    for finding in state.findings:
        if finding.rule != rule or (finding.verdict == "question" if verdict is None else finding.verdict != verdict):
            continue
        if "limit_on" in wanted and not _is_day(wanted["limit_on"], finding.limit_on):
            continue
        if "cites" in wanted and wanted["cites"] not in finding.cites:
            continue
        return True
    return verdict is None and "limit_on" not in wanted and _speaks(rule, state)


def _speaks(rule: str, state: CaseState) -> bool:
    """Say whether a rule gives anything but a question."""
    if any(f.rule == rule and f.verdict != "question" for f in state.findings):
        return True
    if any(d.rule == rule for d in state.duties):
        return True
    law_rule = state.trace.law.rule(rule)
    if law_rule.finding == "none" and any(rule in block.rules for block in state.blocked):
        return True  # it speaks by what it blocks alone
    over = OVER | ({"ended"} if law_rule.kind == "validity" else frozenset())
    return any(c.rule == rule and set(c.status) <= over and c.due is not None for c in state.clocks)


def _asks_only(rule: str, state: CaseState) -> bool:
    """Say whether a rule that can do nothing but ask does so."""
    return state.trace.law.rule(rule).finding == "question" and any(f.rule == rule for f in state.findings)


def _given(rule: str, states: list[CaseState]) -> str:
    found = [
        f"{f.verdict} {_said(f.limit_on)} {f.missing or ''}".strip()
        for s in states
        for f in s.findings
        if f.rule == rule
    ]
    found += [
        f"clock {'/'.join(c.status)} {' to '.join(map(_said, c.due or ()))}"
        + (f", by practice {' to '.join(map(_said, c.practice))}" if c.practice else "")
        for state in states
        for c in state.clocks
        if c.rule == rule
    ]
    return "; ".join(found) or "nothing"


def _said(day: int | None) -> str:
    return "" if day is None else date.fromordinal(day).isoformat() if is_known(day) else "not known"


def _is_day(text: Any, day: int | None) -> bool:
    if text is None or day is None:
        return text is None and day is None
    return date.fromisoformat(str(text)).toordinal() == day


def _same_day(wanted: Any, due: tuple[int, int] | None) -> bool:
    if due is None:
        return wanted is None
    ends = wanted if isinstance(wanted, list) else [wanted, wanted]
    return all((text is None and not is_known(day)) or _is_day(text, day) for text, day in zip(ends, due, strict=True))


# ------------------------------------------------------------------------------------- the grammar of a change


def changed(base: Plain, change: Plain) -> Plain:
    """Give a log with the changes of a row or twin, in their fixed order."""
    made = copy.deepcopy(base)
    if "as_of" in change:
        made["as_of"] = change["as_of"]
    for path, value in (change.get("set") or {}).items():
        node, key = _place(made, path)
        node[key] = copy.deepcopy(value)
    for path in change.get("drop") or []:
        node, key = _place(made, path)
        node.pop(key, None)
    for wanted in change.get("remove") or []:
        made["timeline"] = [e for e in made["timeline"] if not _same(e, wanted)]
    for move in change.get("move") or []:
        wanted = {k: v for k, v in move.items() if k != "to"}
        for event in made["timeline"]:
            if _same(event, wanted):
                event["date"] = move["to"]
                event.pop("precision", None)
    made["timeline"] = [*(made.get("timeline") or []), *copy.deepcopy(change.get("add") or [])]
    made["timeline"].sort(key=lambda e: str(e["date"]))
    return made


def _place(log: Plain, path: str) -> tuple[Plain, str]:
    """Give the mapping and key that a dotted path names: `context.flag`, `persons.p1.minor`, `state`."""
    head, *rest = path.split(".")
    if head == "persons":
        return next(p for p in log["persons"] if p["ref"] == rest[0]), rest[1]
    if not rest:
        return log, head
    node = log.setdefault(head, {})
    for key in rest[:-1]:
        node = node.setdefault(key, {})
    return node, rest[-1]


def _same(event: Plain, wanted: Plain) -> bool:
    return all(str(event.get(key)) == str(value) for key, value in wanted.items())
