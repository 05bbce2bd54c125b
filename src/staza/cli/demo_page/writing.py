"""The page: what each case shows, gathered, and written with the template that is packaged beside."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from staza import __version__
from staza.cli.demo_page.cases import Answered, Plain
from staza.cli.demo_page.comparing import SAID, Compared, compared
from staza.cli.demo_page.drawing import Drawing, drawing
from staza.cli.demo_page.parts import ORDER, Entry, Shown, entry, findings
from staza.cli.demo_page.telling import Told
from staza.cli.demo_page.words import (
    CHECKED,
    CLAUSES,
    Article,
    Step,
    article,
    articles,
    asserted,
    date_of,
    plain,
    short_day,
    short_days,
    slug,
    told,
)  # fmt: skip
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import act_of, article_of

TEMPLATE = "page.html.j2"
# Texts of the law and of the judgments are English also where the page around them reads from right to left.
ENGLISH = Markup('lang="en" dir="ltr"')
COURTS = {
    "Court of Justice of the European Union": "EU Court of Justice",
    "European Court of Human Rights": "Human Rights Court",
}
SIGNS = {
    "agrees": "found",
    "in part": "missed",
    "not found": "missed",
    "differs": "alarm",
    "left to a person": "left",
}


@dataclass(frozen=True)
class Held:
    """A row of the court, with how the computation stands to it."""

    outcome: str
    breach: bool
    issue: str
    expected: str
    persons: tuple[str, ...]
    articles: tuple[Article, ...]


@dataclass
class Case:
    """All that the page shows of one judgment."""

    id: str
    number: str
    court: str
    court_short: str
    content: Plain
    drawing: Drawing
    entries: list[Entry]
    later: list[Entry]
    asserted: list[tuple[str, str, str]]
    findings: dict[str, list[Shown]]
    held: list[Held]
    counts: Counter[str]
    as_of: str

    @property
    def agreement(self) -> str:
        """Say in a word how the computation stands to the court; a key of `SIGNS`."""
        if self.counts["alarm"]:
            return "differs"
        if self.counts["missed"]:
            return "in part" if self.counts["found"] else "not found"
        return "agrees" if self.counts["found"] or self.counts["silent"] else "left to a person"

    @property
    def together(self) -> str:
        """Say the same with numbers."""
        if self.counts["alarm"]:
            return f"{self.counts['alarm']} reported in error"
        if self.decided:
            return f"{self.counts['found']} of {self.decided} found"
        return "rightly silent" if self.counts["silent"] else "left to a person"

    @property
    def decided(self) -> int:
        """Count the breaches that days and assertions decide."""
        return self.counts["found"] + self.counts["missed"]

    @property
    def weighed(self) -> int:
        """Count the breaches that a court had to weigh."""
        return sum(1 for row in self.held if row.breach and row.outcome == "left")

    @property
    def beside(self) -> str:
        """Count the findings that are no breach."""
        return ", ".join(many(len(self.findings[v]), v) for v in ORDER[1:] if self.findings[v])

    @property
    def brief_number(self) -> str:
        """Give the first number and how many more there are."""
        first, *more = re.split(r", | and ", re.sub(r"^nos?\. | PPU", "", self.number))
        return f"{first} +{len(more)}" if more else first


def page(answers: Iterable[Answered], bundle: Bundle, stories: Sequence[Told] = ()) -> str:
    """Give the page as one text that needs nothing else."""
    cases = [_case(one, bundle) for one in answers]
    totals: Counter[str] = sum((case.counts for case in cases), Counter())
    script = _packaged("page.js")
    seal = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = _environment().get_template(TEMPLATE)
    return template.render(
        cases=cases,
        totals=totals,
        instruments=_instruments(cases, stories, bundle),
        stories=stories,
        states=sorted({case.content["state"] for case in cases}),
        courts=sorted({case.court_short for case in cases}),
        style=Markup(_packaged("style.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        seal=seal,
        digest=bundle.digest[:12],
        rules=len(bundle.rules),
        version=__version__,
    )


def _packaged(name: str) -> str:
    return files("staza.cli.demo_page").joinpath(name).read_text(encoding="utf-8")


def _environment() -> Environment:
    made = Environment(
        loader=DictLoader({TEMPLATE: _packaged(TEMPLATE)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(plain=plain, date_of=date_of, short_day=short_day, host=host, linked=linked, told=told)
    made.globals.update(many=many, said=SAID, order=ORDER, signs=SIGNS, checked=CHECKED, clauses=CLAUSES, en=ENGLISH)
    return made


def linked(url: object) -> str:
    """Give an address that may be linked, else nothing."""
    text = str(url)
    return text if text.startswith(("https://", "http://")) else ""


def host(url: object) -> str:
    """Give the host of an address: enough to know the source by."""
    return urlsplit(linked(url)).hostname or "source"


def many(count: int, one: str, more: str | None = None) -> str:
    """Give a count with its word: `1 breach`, `2 breaches`."""
    return f"{count} {one if count == 1 else more or one + 's'}"


# ---------------------------------------------------------------------------------------------------- cases


def _case(answer: Answered, bundle: Bundle) -> Case:
    content = answer.judgment.content
    ident = slug(str(content["id"]).lower()) or "case"
    rows = compared(content, answer.states)
    court = str(content["court"])
    plain_court = court.split(" (")[0]
    return Case(
        id=ident,
        number=case_number(content),
        court=court,
        court_short=COURTS.get(plain_court, plain_court),
        content=content,
        drawing=drawing(answer),
        entries=_entries(answer, ident, bundle),
        later=[entry("", "", event, bundle) for event in answer.judgment.later],
        asserted=asserted(content.get("context") or {}, bundle),
        findings=findings(answer, bundle),
        held=[_held(one, bundle) for one in rows],
        counts=Counter(one.outcome for one in rows),
        as_of=short_day(answer.as_of),
    )


def case_number(content: Plain) -> str:
    """Give the number of a case without the signs of its publication."""
    citation = str(content.get("citation") or content["id"])
    inside = re.search(r"\((?:(?:Joined )?Cases? )?([^()]+)\)", citation)
    if inside:
        return inside[1]
    return re.sub(r"^Application ", "", citation.split(";")[0])


def _entries(answer: Answered, ident: str, bundle: Bundle) -> list[Entry]:
    """Give the entries of the file as numbered in the drawing, then those that the law deems."""
    told = answer.judgment.told
    made = [entry(str(n), f"{ident}-e{n}", event, bundle) for n, event in enumerate(told, 1)]
    deemed: dict[str, Entry] = {}
    for state in answer.states:
        for event in state.trace.reading.history.events:
            if event.derived_by:
                rule = answer.law.rule(event.derived_by)
                kind = answer.law.kinds[event.kind].label if event.kind in answer.law.kinds else plain(event.kind)
                day = short_days(event.days)
                note = f"deemed by the law: {rule.title or rule.id}"
                deemed[event.id] = Entry("§", f"{ident}-{slug(event.id)}", day, kind, "", (), note, "")
    return made + list(deemed.values())


def _held(one: Compared, bundle: Bundle) -> Held:
    row = one.row
    persons = tuple(str(ref) for ref in row.get("persons") or ())
    cites = articles(row["cites"], bundle)
    return Held(one.outcome, row["breach"], str(row["issue"]), str(row.get("expected") or ""), persons, cites)


# ------------------------------------------------------------------------------------------------- articles


@dataclass(frozen=True)
class Provision:
    """An article of the list at the end."""

    article: Article
    gist: str
    checked: str


def _instruments(cases: list[Case], stories: Sequence[Told], bundle: Bundle) -> list[tuple[str, str, list[Provision]]]:
    """Give every article that the page links, under the title of its act."""
    cites: set[str] = set()
    for case in cases:
        cites |= _cited_by(case.findings)
        cites |= {a.cite for row in case.held for a in row.articles}
    for story in stories:
        cites |= {a.cite for a in story.articles}.union(*(_cited_by(moment.findings) for moment in story.moments))
    made = []
    for act in sorted({act_of(cite) for cite in cites}):
        found = sorted((cite for cite in cites if act_of(cite) == act), key=_article_order)
        known = bundle.instruments.get(act)
        title, short = (known.title, known.short) if known else (act, act)
        made.append((short, title, [_provision(cite, bundle) for cite in found]))
    return made


def _cited_by(findings: dict[str, list[Shown]]) -> set[str]:
    shown = [one for group in findings.values() for one in group]
    return {a.cite for one in shown for a in (*one.articles, *(b for step in one.why for b in _linked_by(step)))}


def _linked_by(step: Step) -> list[Article]:
    return [*step.articles, *(one for part in step.parts for one in _linked_by(part))]


def _provision(cite: str, bundle: Bundle) -> Provision:
    known = bundle.instruments.get(act_of(cite))
    checked = known.provisions.get(article_of(cite), "") if known else ""
    return Provision(article(cite, bundle), bundle.gists.get(cite, ""), checked)


def _article_order(cite: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|[a-z]+", article_of(cite))]
