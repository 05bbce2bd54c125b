"""Stories: a whole log, asked at several days, with what the law should say written by hand from the facts.

A file of `law/examples/stories` has `title`, `why`, `state`, `persons`, `context`, `log` (entries as in any log, in the
order of their days) and `at`: days, each with `because` (the reasoning in words), what is expected and, under `not`,
what must not appear. An expectation names the facts or articles that it rests on (`fact`, `article`; of several one
is enough) and, where it is about one person, the `person`. Nothing names a rule: a story is a specification, and any
rule that carries the fact may meet it.

- `clocks`: `due` as one day, as [earliest, latest], as instants, or `unknown` (a clock without any day); `status` lists
  what the clock may be.
- `blocked`: an act that the fact blocks. `allowed`: an act that nothing blocks, with the fact that gives the power.
- `findings`: a verdict. `duties`: an open duty, or the question whether it was done.
- `not`: `clocks` (no day rests on the fact), `blocked`, `findings`, `duties`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from staza.engine import CaseState, Finding, Law, evaluate_together
from staza.engine.answer import ClockState
from staza.engine.days import is_known
from staza.engine.instants import written
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.casefile import read_case
from staza.lawbook.citations import act_of
from staza.lawbook.files import EXAMPLES, line_of
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import FileReader, Place, Sources
from staza.lawbook.story_form import UNKNOWN, ActWanted, ClockWanted, FindingWanted, Moment, Rests, StoryFile

Plain: TypeAlias = dict[str, Any]  # content of YAML
STORIES = "stories"


@dataclass(frozen=True)
class Story:
    """A story that was read: its file, its name and what it says."""

    file: str
    name: str
    told: StoryFile

    def entries(self, until: str) -> list[Plain]:
        """Give the entries up to the end of a day."""
        return [one for one in self.told.log if _day_of(one) <= until]

    def log(self, until: str) -> Plain:
        """Give the log as it stands at the end of a day."""
        told = self.told
        return {
            "id": self.name,
            "as_of": until,
            "state": told.state,
            "persons": told.persons,
            "context": told.context,
            "timeline": self.entries(until),
        }


@dataclass(frozen=True)
class Answer:
    """What the law says of a story at the end of a day."""

    law: Law
    as_of: int
    states: tuple[CaseState, ...]


@dataclass(frozen=True)
class Expectation:
    """What is expected on a day: what it rests on, in words, whether it is met, and what is there if not."""

    rests: Rests
    words: str
    met: bool
    given: str

    @property
    def ground(self) -> str:
        """Give the facts and articles that it rests on, of which one is enough."""
        return " or ".join([*self.rests.fact, *self.rests.article])


@dataclass(frozen=True)
class Difference:
    """One expectation of one day that is not met, with the keys that lead to it in the file of its story."""

    story: Story
    day: str
    wanted: Expectation
    keys: Place

    def __str__(self) -> str:
        return f"{self.story.name}, {self.day}: {self._expected}; there is {self.found}"

    def placed(self, folder: Path) -> str:
        """Say it as `staza law check` does, with file and line; `folder` is that of the law."""
        line = line_of(folder / self.story.file, self.keys)
        return f"{self.story.file}:{line}, {self.day}: expected {self._expected}; found {self.found}"

    @property
    def _expected(self) -> str:
        who = f" for {self.wanted.rests.person}" if self.wanted.rests.person else ""
        return f"{self.wanted.ground}{who}: {self.wanted.words}"

    @property
    def found(self) -> str:
        """Give what is there in place of what is expected."""
        return self.wanted.given or "nothing"


# ------------------------------------------------------------------------------------------------------ reading


def stories(folder: Path, law: Path | None = None) -> Iterator[Story]:
    """Give the stories of a law folder, or of an overlay on a `law`, in the order of their files; raises `LawError`."""
    paths = sorted((folder / EXAMPLES / STORIES).rglob("*.yaml"))
    known = _known_facts(law or folder) if paths else frozenset()
    for path in paths:
        reader = FileReader(path, folder, Bundle(""), Sources())
        told = reader.model(StoryFile, reader.content, [])
        _check(told, reader, known)
        yield Story(reader.name, path.stem, told)


def _known_facts(folder: Path) -> frozenset[str]:
    content = FileReader(folder / "facts.yaml", folder, Bundle(""), Sources()).content
    return frozenset(str(one["id"]) for one in content)


def _check(told: StoryFile, reader: FileReader, known: frozenset[str]) -> None:
    """Refuse what the form alone does not show: days out of order, facts and persons that nothing declares."""
    for key, days in (("log", [_day_of(one) for one in told.log]), ("at", [one.day for one in told.at])):
        for n, (before, day) in enumerate(pairwise(days), 1):
            if day < before:
                raise reader.fault(
                    f"{day} comes after {before}.",
                    [key, n],
                    "A story is told in the order of its days.",
                    "Move the entry to its place.",
                )
    refs = {str(one.get("ref")) for one in told.persons}
    for n, moment in enumerate(told.at):
        for keys, one in moment.rests():
            for fact in one.fact:
                if fact not in known:
                    raise reader.fault(
                        f"`{fact}` is no fact.",
                        ["at", n, *keys, "fact"],
                        "law/facts.yaml does not list it.",
                        did_you_mean(fact, known) or "Correct the id.",
                    )
            if one.person is not None and one.person not in refs:
                raise reader.fault(
                    f"`{one.person}` is nobody here.",
                    ["at", n, *keys, "person"],
                    "The story does not name this person.",
                    did_you_mean(one.person, refs) or "Add the person, or correct the ref.",
                )


def _day_of(entry: Mapping[str, Any]) -> str:
    return str(entry.get("date") or entry.get("at"))[:10]


# ---------------------------------------------------------------------------------------------------- comparing


def answer(story: Story, day: str, bundle: Bundle) -> Answer:
    """Evaluate a story at the end of a day; raises `CaseFileError` where an entry cannot be read."""
    file = read_case(story.log(day), bundle, where=f"{story.file}, {day}")
    law = law_of(bundle, file.state, kept_by_authority=file.kept_by_authority)
    as_of = file.as_of or 0
    return Answer(law, as_of, tuple(evaluate_together(file.histories, law, as_of=as_of)))


def differences(story: Story, bundle: Bundle) -> list[Difference]:
    """Give every expectation of every day that the law does not meet."""
    return [one for number in range(len(story.told.at)) for one in differences_at(story, number, bundle)]


def differences_at(story: Story, number: int, bundle: Bundle) -> list[Difference]:
    """Give every expectation of one day of a story, by its number, that the law does not meet."""
    moment = story.told.at[number]
    found = zip(moment.rests(), expectations(moment, answer(story, moment.day, bundle)), strict=True)
    return [Difference(story, moment.day, one, ["at", number, *keys]) for (keys, _), one in found if not one.met]


def expectations(moment: Moment, given: Answer) -> Iterator[Expectation]:
    """Give each expectation of a day in the order of `rests`, with what is there in its place where it is not met."""
    for clock in moment.clocks:
        found = _clocks(clock, given)
        met = any(_is_clock(clock, one, given) for _, one in found)
        yield Expectation(clock, f"due {_due_in_words(clock)}", met, "" if met else _said(found, given))
    for act in moment.blocked:
        met = any(True for _ in _blocks(act, given))
        yield Expectation(act, f"`{act.act}` blocked", met, "" if met else _said_blocks(act, given))
    for act in moment.allowed:
        met = all(act.act in state.allowed for state in _states(act, given))
        yield Expectation(act, f"`{act.act}` allowed", met, "" if met else _said_blocks(act, given))
    for finding in moment.findings:
        met = any(True for _ in _findings(finding, given))
        yield Expectation(finding, f"{finding.verdict}{_limit(finding)}", met, "" if met else _said_of(finding, given))
    for duty in moment.duties:
        met = _owed(duty, given, or_asked=True)
        yield Expectation(duty, "duty open", met, "" if met else _said_of(duty, given))
    for rests in moment.unwanted.clocks:
        dated = [(who, one) for who, one in _clocks(rests, given) if _due(one, given)]
        yield Expectation(rests, "no day", not dated, _said(dated, given) if dated else "")
    for act in moment.unwanted.blocked:
        met = act.act in given.law.acts and not any(True for _ in _blocks(act, given))
        yield Expectation(act, f"`{act.act}` not blocked", met, "" if met else _said_blocks(act, given))
    for finding in moment.unwanted.findings:
        met = not any(True for _ in _findings(finding, given))
        yield Expectation(finding, f"no {finding.verdict}{_limit(finding)}", met, _said_of(finding, given))
    for duty in moment.unwanted.duties:
        met = not _owed(duty, given, or_asked=False)
        yield Expectation(duty, "no duty open", met, "" if met else "an open duty")


def _states(wanted: Rests, given: Answer) -> list[CaseState]:
    return [state for state in given.states if wanted.person in (None, state.person)]


def _rests(wanted: Rests, facts: Iterable[str], cites: Iterable[str]) -> bool:
    """Say whether something rests on one of the facts or articles."""
    return bool(set(wanted.fact) & set(facts)) or any(_under(cite, one) for cite in cites for one in wanted.article)


def _under(cite: str, article: str) -> bool:
    """Say whether a citation is of an article or of a part of it; `act/*` is every article."""
    if article.endswith("/*"):
        return act_of(cite) == act_of(article)
    return cite == article or cite.startswith(f"{article}(")


def _rule_rests(wanted: Rests, rule: str, given: Answer) -> bool:
    made = given.law.rule(rule)
    return _rests(wanted, made.facts, made.cites)


def _clocks(wanted: Rests, given: Answer) -> list[tuple[str, ClockState]]:
    return [
        (state.person, clock)
        for state in _states(wanted, given)
        for clock in state.clocks
        if _rule_rests(wanted, clock.rule, given)
    ]


def _is_clock(wanted: ClockWanted, clock: ClockState, given: Answer) -> bool:
    due = _due(clock, given)
    same = (due is None and clock.start is not None) if wanted.due == UNKNOWN else due == wanted.due
    return same and (not wanted.status or set(clock.status) <= set(wanted.status))


def _due(clock: ClockState, given: Answer) -> list[str] | None:
    """Give the ends of a clock as a story writes them, none where neither is known."""
    if clock.due_at is not None:
        return [written(moment, given.law.zone) for moment in clock.due_at]
    if clock.due is None or not any(map(is_known, clock.due)):
        return None
    return [_iso(day) for day in clock.due]


def _blocks(wanted: ActWanted, given: Answer) -> Iterator[CaseState]:
    for state in _states(wanted, given):
        if any(b.act == wanted.act and _rests(wanted, b.facts, b.cites) for b in state.blocked):
            yield state


def _findings(wanted: FindingWanted, given: Answer) -> Iterator[Finding]:
    for _, one in _resting(wanted, given):
        limit = None if one.limit_on is None else _iso(one.limit_on)
        if one.verdict == wanted.verdict and wanted.limit_on in (None, limit):
            yield one


def _owed(wanted: Rests, given: Answer, *, or_asked: bool) -> bool:
    if any(_rule_rests(wanted, d.rule, given) for state in _states(wanted, given) for d in state.duties):
        return True
    return or_asked and any(f.verdict == "question" for _, f in _resting(wanted, given))


def _resting(wanted: Rests, given: Answer) -> Iterator[tuple[str, Finding]]:
    for state in _states(wanted, given):
        yield from ((state.person, one) for one in state.findings if _rests(wanted, one.facts, one.cites))


# ------------------------------------------------------------------------------------------------------ in words


def _due_in_words(wanted: ClockWanted) -> str:
    ends = wanted.due if isinstance(wanted.due, str) else " to ".join(dict.fromkeys(wanted.due))
    return f"{ends} ({' or '.join(wanted.status)})" if wanted.status else ends


def _limit(wanted: FindingWanted) -> str:
    return f" from the limit {wanted.limit_on}" if wanted.limit_on else ""


def _said(clocks: Iterable[tuple[str, ClockState]], given: Answer) -> str:
    return "; ".join(
        f"{who} {c.rule} {'/'.join(c.status)} {' to '.join(_due(c, given) or ['without a day'])}" for who, c in clocks
    )


def _said_blocks(wanted: ActWanted, given: Answer) -> str:
    if wanted.act not in given.law.acts:
        return "no such act"
    return "; ".join(
        f"{state.person} blocked by {', '.join(b.facts or b.cites)}"
        for state in _states(wanted, given)
        for b in state.blocked
        if b.act == wanted.act
    )


def _said_of(wanted: Rests, given: Answer) -> str:
    return "; ".join(
        f"{who} {f.verdict} {f.rule} {'' if f.limit_on is None else _iso(f.limit_on)}".strip()
        for who, f in _resting(wanted, given)
    )


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat() if is_known(day) else "not known"
