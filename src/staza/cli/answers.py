"""From states to the printed answer: the keys are a contract, see `staza judge --help` and the README."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

from staza.engine import CaseState, Finding, Law
from staza.engine.answer import ClockState, Duty
from staza.engine.days import is_known
from staza.engine.governing import act_governs
from staza.engine.instants import written
from staza.engine.logic import Days
from staza.engine.types import Instance, Rule
from staza.lawbook.bundle import Bundle
from staza.lawbook.casefile import CaseFile
from staza.lawbook.citations import act_of, article_of, in_words
from staza.lawbook.deciding import deciding, owner_of_item
from staza.lawbook.errors import StazaError
from staza.lawbook.near_names import did_you_mean

Answer: TypeAlias = dict[str, Any]  # an element of the printed array
CHECKED = {
    "verified-text": "read in the text",
    "verified-secondary": "known second-hand",
    "memory-only": "open clause: not read, so without effect beyond a question",
    "confirmed": "confirmed by the authority",
    "corrected": "corrected by the authority",
}
NOT_THE_ACT = "read in a publication, not in the act"
SHOWN = {"breach": "breach", "concern": "concern", "question": "question", "came_to_light": "concern"}


def finding_answer(bundle: Bundle, law: Law, person: str, finding: Finding) -> Answer:
    """Give a finding under the keys of the output contract."""
    return {
        "verdict": SHOWN.get(finding.verdict, finding.verdict),
        "rule": finding.rule,
        "cites": list(finding.cites),
        "cites_in_words": _in_words(bundle, finding.cites),
        "facts": list(finding.facts),
        "person": person,
        "ref": finding.ref,
        "limit_on": day(finding.limit_on),
        "actual_on": day(finding.actual_on),
        "missing": list(finding.missing),
        "owner": finding.owner,
        "message": message(bundle, law, finding),
        **checking(bundle, finding.rule),
    }


def checking(bundle: Bundle, rule: str) -> Answer:
    """Give how the article that a rule rests on first was checked; of a confirmed one also where, when and by whom."""
    made = bundle.checking.get(rule)
    if made is None or not made.state:
        return {"checked": None}
    if not made.gazette:
        return {"checked": made.state}
    was = {"checked": made.was_checked, "article": made.was_article, "value": made.was or None}
    return {
        "checked": made.state,
        "confirmed": {
            "gazette": made.gazette, "article": made.article, "on": made.on, "by": made.by,
            "value": made.value or None, "was": was,
        },
    }  # fmt: skip


def checked_in_words(bundle: Bundle, rule: str) -> str:
    """Say how the article that a rule rests on first was checked."""
    made = bundle.checking.get(rule)
    if made is None or not made.state:
        return ""
    said = CHECKED.get(made.state, made.state)
    if not made.gazette:
        return said
    by = bundle.functions.get(made.by, made.by)
    said += f", {made.gazette}, art. {made.article}, read on {made.on} by: {by}"
    former = [f"art. {made.was_article}"] if made.was_article != made.article else []
    former += [made.was or "no value"] if made.was != made.value else []
    return f"{said}; before: {', '.join(former)}" if former else said


def row_checked_in_words(bundle: Bundle, row: Rule) -> str:
    """Say how a row of competence was checked; where no article is known, what was read was not the act."""
    made = bundle.checking.get(row.id)
    return NOT_THE_ACT if made and is_outside_the_act(made.state, row.cites[0]) else checked_in_words(bundle, row.id)


def is_outside_the_act(checked: str, cite: str) -> bool:
    """Say whether what was read of a row of competence was a publication about the act: it knows no article."""
    return checked == "verified-text" and article_of(cite) == "?"


def message(bundle: Bundle, law: Law, finding: Finding) -> str:
    """Say a finding in one sentence with its article and days."""
    rule = law.rule(finding.rule)
    said = rule.title or bundle.gists.get(finding.cites[0], finding.rule)
    parts = [f"{said.rstrip('.')} ({', '.join(_in_words(bundle, finding.cites))})."]
    if finding.limit_on:
        parts.append(f"Last lawful day: {day(finding.limit_on)}.")
    if finding.actual_on:
        parts.append(f"Seen on: {day(finding.actual_on)}.")
    if finding.missing:
        parts.append(f"Not known: {', '.join(finding.missing)}.")
    state = bundle.checking.get(finding.rule)
    if not rule.verified:
        parts.append("Open clause: the article or its value was not read, so that this is only a question.")
        parts.extend([rule.asks] if rule.asks else [])
    elif state is not None and state.state == "corrected":
        words = checked_in_words(bundle, finding.rule)
        parts.append(f"{words[:1].upper()}{words[1:]}.")
    return " ".join(parts)


def state_answer(bundle: Bundle, law: Law, file: CaseFile, states: list[CaseState], as_of: int) -> Answer:
    """Give the whole state of the persons of a file; `allowed` are the acts that nothing blocks for any of them."""
    changes = [state.next_change_on for state in states if state.next_change_on]
    free = [set(state.allowed) for state in states]
    return {
        "id": file.id,
        "as_of": day(as_of),
        "state": file.state,
        "law": law.digest,
        "instances": [_instance(law, state, one) for state in states for one in state.instances],
        "clocks": [one for state in states for one in _clocks(bundle, law, state)],
        "allowed": [act for act in law.acts if all(act in names for names in free)],
        "blocked": [one for state in states for one in _blocked(bundle, state)],
        "duties": [
            {
                "rule": d.rule,
                "ref": d.ref,
                "person": state.person,
                "owner": d.owner,
                "bodies": _bodies(bundle, law, state, d),
                "cites": list(d.cites),
                "cites_in_words": _in_words(bundle, d.cites),
                **checking(bundle, d.rule),
            }
            for state in states
            for d in state.duties
        ],
        "findings": [finding_answer(bundle, law, state.person, f) for state in states for f in state.findings],
        "unbound": [
            {"entry": u.entry, "person": state.person, "candidates": list(u.candidates)}
            for state in states
            for u in state.unbound
        ],
        "next_change_on": day(min(changes)) if changes else None,
    }


def _instance(law: Law, state: CaseState, one: Instance) -> Answer:
    return {
        "ref": one.ref,
        "person": state.person,
        "parent": one.parent.ref if one.parent else None,
        "ordinal": one.ordinal,
        "opened": ends(one.start),
        "closed": ends(one.end),
        "stage": stage(law, one),
        "certain": one.certain,
        "governing": _governing(law, state, one),
    }


def _governing(law: Law, state: CaseState, one: Instance) -> list[str]:
    """Give the acts that surely govern an instance, of those that have rules about its procedure."""
    acts = sorted({act_of(rule.cites[0]) for rule in law.rules if rule.per == one.procedure})
    until = one.end[1] if one.end else state.as_of
    days = (one.start[1], max(one.start[1], until))
    return [act for act in acts if act_governs(state.trace.reading, act, days, one, lasting=True) is True]


def _clocks(bundle: Bundle, law: Law, state: CaseState) -> list[Answer]:
    return [
        {
            "rule": clock.rule,
            "facts": list(law.rule(clock.rule).facts),
            "cites": list(law.rule(clock.rule).cites),
            "cites_in_words": _in_words(bundle, law.rule(clock.rule).cites),
            "ref": clock.ref,
            "person": state.person,
            "owner": owner_of_item(law, state, clock),
            "bodies": _bodies(bundle, law, state, clock),
            "n": clock.n,
            "status": list(clock.status),
            "start": ends(clock.start),
            "due": ends(clock.due) if clock.due_at is None else _instants(clock.due_at, law.zone),
            "practice": ends(clock.practice),
            "met_by": clock.met_by,
            **checking(bundle, clock.rule),
        }
        for clock in state.clocks
    ]


def _bodies(bundle: Bundle, law: Law, state: CaseState, item: ClockState | Duty) -> list[Answer]:
    """Give the body that certainly decides what an open clock or duty waits for, with the row that says so."""
    return [
        {"body": one.body.body, "cites": list(one.row.cites), "rule": one.row.id, **checking(bundle, one.row.id)}
        for one in deciding(bundle, law, state, item)
        if one.body is not None
    ]


def _instants(moments: Days, zone: str) -> list[str]:
    """Give the first and last instant of a limit in hours, RFC 3339."""
    return [written(moment, zone) for moment in moments]


def _blocked(bundle: Bundle, state: CaseState) -> list[Answer]:
    return [
        {
            "act": block.act,
            "ref": block.ref,
            "person": state.person,
            "rules": list(block.rules),
            "facts": list(block.facts),
            "cites": list(block.cites),
            "cites_in_words": _in_words(bundle, block.cites),
            "reasons": list(block.reasons),
            "checked": [checking(bundle, rule)["checked"] for rule in block.rules],
            "missing": [
                {"rule": rule, "name": one.name, "asks": one.asks, "owner": one.answered_by}
                for rule, unknown in zip(block.rules, block.missing, strict=True)
                for one in unknown
            ],
        }
        for block in state.blocked
    ]


def _in_words(bundle: Bundle, cites: tuple[str, ...]) -> list[str]:
    return [in_words(cite, bundle.shorts) for cite in cites]


def stage(law: Law, instance: Instance) -> str:
    """Give the stage of an instance: what its last entry leads to."""
    stages = law.procedures[instance.procedure].stages
    for event in reversed(instance.events):
        if event.kind in stages and event.id not in instance.undone:
            return stages[event.kind]
    return "closed" if instance.end else "open"


def day(ordinal: int | None) -> str | None:
    """Write an ordinal as a date; what lies at the ends of time is not known."""
    return date.fromordinal(ordinal).isoformat() if is_known(ordinal) else None


def ends(days: Days | None) -> list[str | None] | None:
    """Write an interval as its two ends, null where an end is not known."""
    return None if days is None else [day(days[0]), day(days[1])]


def no_such_rule(ident: str, known: Iterable[str], where: str) -> StazaError:
    """Make the error for a rule that the law does not have."""
    cure = "`staza law show --all` writes a page for each file of rules."
    return StazaError(
        f"`{ident}` is no rule.",
        where,
        "No rule under law/procedures has this id.",
        f"{did_you_mean(ident, known)} {cure}".strip(),
    )
