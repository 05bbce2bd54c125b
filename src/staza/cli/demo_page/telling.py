"""The stories of the page: at each day what the law says, and beside it what the facts say, as written by hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from staza.cli.answers import row_checked_in_words
from staza.cli.demo_page.cases import Plain, binds_here
from staza.cli.demo_page.drawing import Drawing, drawing
from staza.cli.demo_page.parts import Checked, Entry, Shown, entry, findings, how_checked
from staza.cli.demo_page.words import Article, article, articles, plain, short_day, short_days, slug, told
from staza.engine.answer import ClockState
from staza.engine.instants import written
from staza.lawbook.bundle import Bundle
from staza.lawbook.deciding import OPEN, deciding
from staza.lawbook.stories import Answer, Expectation, Story, answer, expectations

INSTANT = re.compile(r"T(\d\d:\d\d):\d\d(?:Z|[+-]\d\d:\d\d)")
STATUSES = {"running": "running", "unknown": "its length was not read", "missed": "still owed"}


@dataclass(frozen=True)
class Decider:
    """Who decides what a clock waits for, in words, with the article and how it was checked."""

    introduced: str
    words: str
    articles: tuple[Article, ...]
    checked: str


@dataclass
class ShownClock:
    """A clock that is not over, once for all persons of whom it says the same."""

    title: str
    due: str
    status: str
    articles: tuple[Article, ...]
    checked: Checked
    deciders: tuple[Decider, ...]
    persons: list[str] = field(default_factory=list)


@dataclass
class ShownBlock:
    """Acts that the same provisions bar for the same person."""

    articles: tuple[Article, ...]
    persons: list[str]
    acts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """An expectation in words; `outcome` is a key of the signs of the page."""

    outcome: str
    words: str
    ground: str
    person: str
    given: str


@dataclass(frozen=True)
class ToldMoment:
    """A day of a story."""

    anchor: str
    day: str
    because: str
    entries: str
    clocks: list[ShownClock]
    blocks: list[ShownBlock]
    findings: dict[str, list[Shown]]
    wanted: list[Wanted]

    @property
    def met(self) -> int:
        """Count the expectations that are met."""
        return sum(1 for one in self.wanted if one.outcome == "found")


@dataclass(frozen=True)
class Told:
    """All that the page shows of one story."""

    id: str
    number: str
    why: str
    state: str
    content: Plain
    as_of: str
    drawing: Drawing
    entries: list[Entry]
    moments: list[ToldMoment]

    @property
    def met(self) -> int:
        """Count the expectations that are met."""
        return sum(one.met for one in self.moments)

    @property
    def wanted(self) -> int:
        """Count the expectations."""
        return sum(len(one.wanted) for one in self.moments)

    @property
    def articles(self) -> Iterator[Article]:
        """Give the articles that clocks and blocks link."""
        for moment in self.moments:
            for clock in moment.clocks:
                yield from clock.articles
                yield from (one for decider in clock.deciders for one in decider.articles)
            for block in moment.blocks:
                yield from block.articles


def tell(story: Story, bundle: Bundle) -> Told:
    """Evaluate a story at each of its days; raises `CaseFileError`."""
    ident = f"story-{slug(story.name)}"
    answers = [answer(story, moment.day, bundle) for moment in story.told.at]
    last = answers[-1]
    entries = story.entries(story.told.at[-1].day)
    return Told(
        id=ident,
        number=story.told.title,
        why=story.told.why,
        state=story.told.state,
        content={"persons": story.told.persons},
        as_of=short_day(last.as_of),
        drawing=drawing(last, [one.as_of for one in answers[:-1]]),
        entries=[*_entries(entries, ident, bundle), *_deemed(last, ident, bundle)],
        moments=[_moment(story, n, one, bundle) for n, one in enumerate(answers)],
    )


def _entries(rows: list[Plain], ident: str, bundle: Bundle) -> Iterator[Entry]:
    """Give the entries under the numbers of the drawing; one that carries an id has that in place of a number."""
    for n, one in enumerate(rows, 1):
        own = str(one.get("id", ""))
        yield entry(own or str(n), f"{ident}-{slug(own) or f'e{n}'}", one, bundle)


def _deemed(given: Answer, ident: str, bundle: Bundle) -> Iterator[Entry]:
    """Give what the law deems to have happened, as it stands on the last day."""
    seen: set[str] = set()
    for state in given.states:
        for event in state.trace.reading.history.events:
            if event.derived_by and event.id not in seen:
                seen.add(event.id)
                kind = bundle.kinds.get(event.kind)
                rule = given.law.rule(event.derived_by)
                note = f"deemed by the law: {rule.title or rule.id}"
                label = kind.label if kind else plain(event.kind)
                yield Entry("§", f"{ident}-{slug(event.id)}", short_days(event.days), label, "", (), note, "")


def _moment(story: Story, n: int, given: Answer, bundle: Bundle) -> ToldMoment:
    moment = story.told.at[n]
    before = len(story.entries(story.told.at[n - 1].day)) if n else 0
    now = len(story.entries(moment.day))
    new = f"entry {now}" if now - before == 1 else f"entries {before + 1} to {now}" if now > before else "no new entry"
    return ToldMoment(
        anchor=f"story-{slug(story.name)}-{moment.day}",
        day=short_day(given.as_of),
        because=told(moment.because),
        entries=new,
        clocks=_clocks(given, bundle),
        blocks=_blocks(given, bundle),
        findings=findings(given, bundle),
        wanted=[_wanted(one, bundle) for one in expectations(moment, given)],
    )


def _clocks(given: Answer, bundle: Bundle) -> list[ShownClock]:
    """Give the clocks that are not over, the next end first and those without a day last."""
    made: dict[tuple[object, ...], ShownClock] = {}
    clocks = [
        (state.person, one)
        for state in given.states
        for one in state.clocks
        if OPEN & set(one.status) and (one.due or "unknown" in one.status) and binds_here(given, one.rule)
    ]
    for person, clock in sorted(clocks, key=lambda pair: (pair[1].due or (10**9,) * 2, pair[1].rule)):
        rule = given.law.rule(clock.rule)
        status = " or ".join(STATUSES.get(one, plain(one)) for one in clock.status)
        cites, checked = articles(rule.cites, bundle), how_checked(rule, given.law, bundle)
        deciders = _deciders(given, person, clock, bundle)
        shown = ShownClock(rule.title or rule.id, _due(clock, given), status, cites, checked, deciders)
        kept = made.setdefault((shown.title, shown.due, status, cites, checked, deciders), shown)
        kept.persons += [person] if person not in kept.persons else []
    return list(made.values())


def _deciders(given: Answer, person: str, clock: ClockState, bundle: Bundle) -> tuple[Decider, ...]:
    state = next(one for one in given.states if one.person == person)
    return tuple(
        Decider(
            one.introduced[:1].upper() + one.introduced[1:],
            one.words,
            articles(one.row.cites, bundle),
            row_checked_in_words(bundle, one.row),
        )
        for one in deciding(bundle, given.law, state, clock)
    )


def _due(clock: ClockState, given: Answer) -> str:
    if clock.due_at is not None:
        ends = [written(one, given.law.zone)[:16].replace("T", ", ") for one in clock.due_at]
        return " to ".join(dict.fromkeys(ends))
    return "no day" if clock.due is None else short_days(clock.due)


def _blocks(given: Answer, bundle: Bundle) -> list[ShownBlock]:
    """Give what is barred: acts together that the same provisions bar, persons together for whom they do."""
    acts: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for state in given.states:
        for block in state.blocked:
            act = given.law.acts[block.act]
            if not act.includes:
                acts.setdefault((state.person, block.cites), []).append(act.label)
    made: dict[tuple[tuple[str, ...], tuple[str, ...]], ShownBlock] = {}
    for (person, cites), labels in acts.items():
        one = made.setdefault((cites, tuple(labels)), ShownBlock(articles(cites, bundle), [], labels))
        one.persons.append(person)
    return list(made.values())


def _wanted(one: Expectation, bundle: Bundle) -> Wanted:
    act = getattr(one.rests, "act", "")
    words = one.words
    if act in bundle.acts:
        words = words.replace(f"`{act}`", f"{bundle.acts[act].label}:")
    words = INSTANT.sub(r", \1", words)
    ground = " or ".join([*one.rests.fact, *(article(cite, bundle).words for cite in one.rests.article)])
    return Wanted("found" if one.met else "missed", told(words), ground, one.rests.person or "", one.given)
