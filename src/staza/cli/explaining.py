"""`staza explain`: one person's log as text that a lawyer can read."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from staza.cli.answers import CHECKED, checked_in_words, day, message, no_such_rule, row_checked_in_words, stage
from staza.cli.judging import as_of_day
from staza.cli.silence import Silent, parted
from staza.engine import CaseState, Law, evaluate_together
from staza.engine.answer import ClockState, Duty
from staza.engine.days import is_known
from staza.engine.explain import Reason
from staza.engine.explain import explain as reasons_of
from staza.engine.logic import Days
from staza.engine.types import CaseEvent, Rule
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.cache import load_bundle
from staza.lawbook.casefile import CaseFile, read_case_file
from staza.lawbook.citations import in_words
from staza.lawbook.deciding import deciding

WORDS = {True: "yes", False: "no", None: "not known"}
STATUS = {
    "idle": "not started", "running": "running", "suspended": "suspended", "met": "done in time",
    "met_late": "done too late", "missed": "passed, still owed", "lapsed": "over, with its effect", "ended": "ended",
    "unknown": "not known, as its length was not read",
}  # fmt: skip


def explain(words: list[str]) -> int:
    """`staza explain FILE [--as-of DATE] [--why-not RULE] [--all]`."""
    parser = argparse.ArgumentParser(prog="staza explain", description="A log as a lawyer reads it.")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--as-of", metavar="DATE", help="the day of the answer; else the file's `as_of`")
    parser.add_argument("--why-not", metavar="RULE", help="why this rule gives nothing")
    parser.add_argument("--all", action="store_true", help="each rule that found nothing, in a line of its own")
    options = parser.parse_args(words)
    bundle = load_bundle()
    file = read_case_file(options.file, bundle)
    as_of = as_of_day(file, options.as_of, options.file)
    law = law_of(bundle, file.state, kept_by_authority=file.kept_by_authority)
    if options.why_not and options.why_not not in law.by_id:
        raise no_such_rule(options.why_not, law.by_id, "--why-not")
    for notice in file.notices:
        print(f"staza: {notice}", file=sys.stderr)
    for state in evaluate_together(file.histories, law, as_of=as_of):
        page = _Page(bundle, law, file, state, all_silent=options.all)
        print("\n".join(page.why_not(options.why_not) if options.why_not else page.lines()))
    return 0


class _Page:
    def __init__(self, bundle: Bundle, law: Law, file: CaseFile, state: CaseState, *, all_silent: bool) -> None:
        self.bundle, self.law, self.file, self.state, self.all_silent = bundle, law, file, state, all_silent
        events: tuple[CaseEvent, ...] = state.trace.reading.history.events
        self.events = {event.id: event for event in events}

    def lines(self) -> Iterator[str]:
        yield f"{self.file.id}, person {self.state.person}, {self.file.state}"
        yield f"at the end of {long_day(self.state.as_of)}"
        yield ""
        yield from self.instances()
        yield from self.clocks()
        yield from self.acts()
        yield from self.findings()
        yield from self.silent()
        changes = self.state.next_change_on
        yield f"The answer changes by itself next on {long_day(changes)}." if changes else "Nothing changes by itself."
        yield f"Law {self.law.digest[:12]}."
        yield ""

    def instances(self) -> Iterator[str]:
        yield "PROCEDURES"
        for one in self.state.instances:
            title = self.law.procedures[one.procedure].title
            until = f"to {said_days(one.end)}" if one.end else "still open"
            inside = f", within {one.parent.ref}" if one.parent else ""
            where = f"{until}; {stage(self.law, one)}{inside}"
            yield f"  {title} no. {one.ordinal} ({one.ref}): from {said_days(one.start)}, {where}"
        yield ""

    def clocks(self) -> Iterator[str]:
        live = [clock for clock in self.state.clocks if clock.status != ("idle",)]
        yield "TIME LIMITS" if live else "TIME LIMITS: none has started."
        for clock in live:
            rule = self.law.rule(clock.rule)
            due = f", last day {said_days(clock.due)}" if clock.due else ""
            status = " or ".join(STATUS[s] for s in clock.status)
            checked = self.checked(rule)
            shown = f" ({checked})" if checked else ""
            yield f"  {rule.title or rule.id} [{self.cited(rule.cites)}]: {status}{due}{shown}"
            yield from self.deciders(clock)
            yield from self.reasons(reasons_of(self.state, clock), 2, clock)
        yield ""

    def deciders(self, item: ClockState | Duty) -> Iterator[str]:
        """Say which body decides what an open clock or duty waits for, or what is not known of it."""
        for one in deciding(self.bundle, self.law, self.state, item):
            checked = row_checked_in_words(self.bundle, one.row)
            shown = f" ({checked})" if checked else ""
            yield f"    {one.introduced}: {one.words} [{self.cited(one.row.cites)}]{shown}"

    def acts(self) -> Iterator[str]:
        yield f"ALLOWED: {', '.join(self.law.acts[a].label for a in self.state.allowed) or 'nothing'}"
        for block in self.state.blocked:
            yield f"NOT ALLOWED NOW: {self.law.acts[block.act].label} [{self.cited(block.cites)}]"
            yield from (f"    {reason}" for reason in block.reasons)
        for duty in self.state.duties:
            rule = self.law.rule(duty.rule)
            yield f"OPEN DUTY of the {duty.owner}: {rule.title or rule.id} [{self.cited(duty.cites)}]"
            yield from self.deciders(duty)
        for loose in self.state.unbound:
            yield f"NOT ATTACHED: entry {loose.entry} may belong to {' or '.join(loose.candidates)}"
        yield ""

    def findings(self) -> Iterator[str]:
        order = ("breach", "concern", "came_to_light", "question", "alignment")
        for verdict in order:
            found = [f for f in self.state.findings if f.verdict == verdict]
            if not found:
                continue
            yield f"{verdict.replace('_', ' ').upper()} ({len(found)})"
            for finding in found:
                yield f"  {message(self.bundle, self.law, finding)}"
                checked = self.checked(self.law.rule(finding.rule))
                if checked and (finding.limit_on or finding.actual_on):
                    yield f"    how the article was checked: {checked}"
                if verdict == "question":
                    yield f"    who can answer: {finding.owner}"
                else:
                    yield from self.reasons(reasons_of(self.state, finding), 2, None)
        yield ""

    def silent(self) -> Iterator[str]:
        """Say of the rules that looked at this file and found nothing which condition failed first."""
        spoken = {f.rule for f in self.state.findings} | {d.rule for d in self.state.duties}
        spoken |= {r for block in self.state.blocked for r in block.rules if self.law.rule(r).finding == "none"}
        silent: list[Silent] = []
        for rule in self.law.rules:
            if rule.id not in spoken and rule.kind != "effect":
                reason = reasons_of(self.state, rule.id)
                silent += [(rule, part) for part in reason.parts[:1]] if reason.kind != "open" else []
        alone, together = (silent, []) if self.all_silent else parted(silent, self.bundle)
        yield "WHY NOT (rules that found nothing here" + ("; --all names each)" if together else ")")
        for rule, part in alone:
            yield f"  {rule.title or rule.id} [{self.cited(rule.cites[:1])}]: {self.brief(part)}"
        yield from (f"  {line}" for line in together)
        yield ""

    def why_not(self, rule: str) -> Iterator[str]:
        yield f"{self.file.id}, person {self.state.person}"
        yield from self.reasons(reasons_of(self.state, rule), 1, None)

    def reasons(self, reason: Reason, depth: int, clock: ClockState | None) -> Iterator[str]:
        for part in reason.parts or ((reason,) if depth == 1 else ()):
            yield f"{'  ' * depth}- {self.brief(part)}"
            if part.parts and depth < 4:
                yield from self.reasons(part, depth + 1, clock)

    def brief(self, reason: Reason) -> str:
        text = reason.text.replace("_", " ")
        if reason.kind in ("condition", "flag", "event", "open", "binding"):
            text = f"{text}: {WORDS[reason.value]}"
        if reason.days:
            text += f" ({said_days(reason.days)})"
        if reason.events:
            text += f" [{'; '.join(self.entry(ident) for ident in reason.events[:4])}]"
        if reason.cites and reason.kind not in ("limit", "sum"):
            text += f" [{self.cited(reason.cites)}]"
        return text

    def entry(self, ident: str) -> str:
        event = self.events.get(ident)
        if event is None:
            return ident
        kind = self.law.kinds.get(event.kind)
        deemed = ", deemed" if event.derived_by else ""
        written = self.file.written.get(ident)
        name = (kind.label if kind else event.kind) + (f" (`{written}`)" if written else "")
        return f"{ident} {name}, {said_days(event.days)}{deemed}"

    def checked(self, rule: Rule) -> str:
        """Say how the article of a rule was checked, and that its act binds where that is weaker."""
        said = checked_in_words(self.bundle, rule.id)
        binding = self.bundle.weaker_binding(rule, self.law.jurisdiction)
        if binding is None:
            return said
        return f"{said}; that the act binds {self.law.jurisdiction}: {CHECKED[binding.state]}"

    def cited(self, cites: tuple[str, ...]) -> str:
        return ", ".join(in_words(cite, self.bundle.shorts) for cite in cites)


def long_day(ordinal: int | None) -> str:
    """Write a day with its weekday: `Monday 10 August 2009`."""
    if not is_known(ordinal):
        return "a day that is not known"
    made = date.fromordinal(ordinal)
    return f"{made:%A} {made.day} {made:%B %Y}"


def said_days(days: Days | None) -> str:
    """Write an interval of days; one day as itself, an open end in words."""
    if days is None:
        return "no day"
    if days[0] == days[1]:
        return long_day(days[0])
    first, last = day(days[0]), day(days[1])
    return f"between {first or 'the past'} and {last or 'a day that is not known'}"
