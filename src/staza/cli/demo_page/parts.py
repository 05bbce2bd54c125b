"""What a judgment and a story show alike: entries and findings."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from staza.cli.answers import SHOWN, checked_in_words
from staza.cli.demo_page.cases import Computed, Plain
from staza.cli.demo_page.words import (
    WHO,
    Article,
    Step,
    articles,
    date_of,
    plain,
    question,
    short_day,
    steps,
)
from staza.engine import CaseState, Finding, Law
from staza.engine.answer import ClockState
from staza.engine.days import is_known
from staza.engine.explain import explain
from staza.engine.types import CaseEvent, Rule
from staza.lawbook.bundle import Bundle

ORDER = ("breach", "concern", "question")
FIELDS_ASIDE = frozenset({"date", "at", "what", "persons", "precision", "derived", "note", "verification", "id"})


@dataclass(frozen=True)
class Entry:
    """A line of the list of entries."""

    number: str
    anchor: str
    day: str
    label: str
    details: str
    persons: tuple[str, ...]
    note: str
    checked: str


@dataclass(frozen=True)
class Checked:
    """How the article of a date was checked, where it was confirmed, and words where nobody read that the act binds."""

    state: str
    confirmed: str
    binds: str


@dataclass(frozen=True)
class Doubt:
    """Why a limit has two ends although every entry is known: what is asked, what follows, a key of `WHO`."""

    asked: str
    follows: str
    answered_by: str


@dataclass
class Shown:
    """A finding, once for all persons of whom it says the same."""

    verdict: str
    title: str
    articles: tuple[Article, ...]
    limit: str
    seen: str
    over: int
    questions: tuple[str, ...]
    follows: str
    owner: str
    why: tuple[Step, ...]
    checked: Checked
    persons: list[str] = field(default_factory=list)


def entry(number: str, anchor: str, event: Plain, bundle: Bundle) -> Entry:
    """Give a line of the list of entries."""
    kind = bundle.kinds.get(bundle.kind_names.get(str(event["what"]), ""))
    details = [f"{plain(k)}: {plain(v)}" for k, v in event.items() if k not in FIELDS_ASIDE]
    persons = tuple(str(ref) for ref in event.get("persons") or ())
    label = kind.label if kind else plain(event["what"]).capitalize()
    day, note = date_of(event.get("date") or str(event["at"])[:10]), str(event.get("note") or "")
    return Entry(number, anchor, day, label, "; ".join(details), persons, note, str(event.get("verification") or ""))


def findings(answer: Computed, bundle: Bundle) -> dict[str, list[Shown]]:
    """Give the findings by verdict, each once for all persons of whom it says the same."""
    gathered: dict[tuple[object, ...], Shown] = {}
    for state in answer.states:
        for finding in state.findings:
            if finding.verdict in SHOWN:
                one = _shown(answer, state, finding, bundle)
                key = (one.verdict, one.title, one.articles, one.limit, one.seen, one.questions)
                kept = gathered.setdefault(key, one)
                kept.persons += [state.person] if state.person not in kept.persons else []
    return {verdict: [one for one in gathered.values() if one.verdict == verdict] for verdict in ORDER}


def _shown(answer: Computed, state: CaseState, finding: Finding, bundle: Bundle) -> Shown:
    rule = answer.law.rule(finding.rule)
    labels = {event.id: _called(event, bundle) for event in state.trace.reading.history.events}
    over = finding.actual_on - finding.limit_on if finding.limit_on and finding.actual_on else 0
    doubt = in_doubt(rule, state.clocks, finding) if finding.verdict == "question" else None
    owner = doubt.answered_by if doubt else finding.owner
    return Shown(
        verdict=SHOWN[finding.verdict],
        title=(rule.title or bundle.gists.get(finding.cites[0], finding.rule)).rstrip("."),
        articles=articles(finding.cites, bundle),
        limit=short_day(finding.limit_on) if finding.limit_on else "",
        seen=short_day(finding.actual_on) if finding.actual_on else "",
        over=max(0, over),
        questions=(doubt.asked,) if doubt else tuple(question(name, bundle) for name in finding.missing),
        follows=doubt.follows if doubt else "",
        owner=WHO.get(owner, plain(owner)),
        why=steps(explain(state, finding), bundle, labels),
        checked=how_checked(rule, answer.law, bundle),
    )


def in_doubt(rule: Rule, clocks: Iterable[ClockState], finding: Finding) -> Doubt | None:
    """Say why the limit of a question has two ends where no fact is missing that has a name; None where it has not."""
    own = [one for one in clocks if (one.rule, one.ref) == (finding.rule, finding.ref)]
    clock = next((one for one in own if one.due and one.due[0] < one.due[1] and all(map(is_known, one.due))), None)
    if finding.missing or clock is None or not clock.due or not clock.start or len(rule.limits) != 1:
        return None
    limit, (early, late) = rule.limits[0], [short_day(one) for one in clock.due]
    keep = "Keep to the earlier day; nothing follows from silence or delay until the later one is over."
    if limit.is_in_hours:
        return Doubt(
            "At what times of day did it begin, and was it done? The period is in hours, and the log has days alone.",
            f"It ended on {early} or on {late}: from the days nobody can say whether it was kept.",
            "authority",
        )
    if limit.or_else:
        follows = f"By the shorter figure the last day is {early}, by the longer {late}. {keep}"
        return Doubt("How long is the period? The sources differ.", follows, "legal")
    if limit.first_day == "open" and not limit.backwards and clock.start[0] == clock.start[1]:
        start = short_day(clock.start[0])
        asked = f"Does {start}, the day that starts the period, count as its first day? The text does not say."
        return Doubt(asked, f"If it does, the last day is {early}; if not, it is {late}. {keep}", "legal")
    return None


def how_checked(rule: Rule, law: Law, bundle: Bundle) -> Checked:
    """Give how the article of a rule was checked, in the words of `staza explain`.

    That an act binds is said only where nobody read it: what is known second-hand would stand beside every date.
    """
    made = bundle.checking.get(rule.id)
    confirmed = checked_in_words(bundle, rule.id).partition(", ")[2] if made and made.gazette else ""
    binding = bundle.weaker_binding(rule, law.jurisdiction)
    weak = binding is not None and binding.state == "memory-only"
    return Checked(made.state if made else "", confirmed, "whether the act binds was not read" if weak else "")


def _called(event: CaseEvent, bundle: Bundle) -> str:
    number = "deemed by the law" if event.derived_by else f"entry {event.id.removeprefix('e')}"
    kind = bundle.kinds.get(event.kind)
    return f"{number}, {kind.label if kind else plain(event.kind)}"
