"""`staza demo`: the page is whole, says nothing it should not, and the evaluation never sees what a court held."""

import html
import re
import shutil
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from staza.cli import main
from staza.cli.demo_page import cases as cases_module
from staza.cli.demo_page.cases import OF_THE_COURT, Judgment, answered, first_day, neutral, read_judgments
from staza.cli.demo_page.comparing import Seen, _outcome, meets
from staza.cli.demo_page.drawing import drawing
from staza.cli.demo_page.parts import how_checked, in_doubt
from staza.cli.demo_page.telling import Told, tell
from staza.cli.demo_page.words import CLAUSES
from staza.cli.demo_page.writing import case_number, page
from staza.engine import Finding
from staza.engine.answer import ClockState
from staza.lawbook.bundle import Bundle, Checking, law_of
from staza.lawbook.cache import load_bundle
from staza.lawbook.files import law_folder
from staza.lawbook.stories import stories

JUDGMENTS = law_folder() / "examples" / "judgments"
VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "path", "circle", "rect", "use"})
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}"


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed, in its order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.breaches: list[list[str]] = []
        self.faults: list[str] = []
        self.within: list[bool] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.elements.append((tag, found))
        breach = found.get("class") == "finding breach"
        if breach:
            self.breaches.append([])
        if tag not in VOID:
            self.open.append(tag)
            self.within.append(breach or bool(self.within and self.within[-1]))
        if tag == "a" and "cite" in found.get("class", "") and self.within[-1]:
            self.breaches[-1].append(found["href"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}, line {self.getpos()[0]}")
            return
        self.open.pop()
        self.within.pop()

    def values(self, name: str) -> list[str]:
        return [found[name] for _, found in self.elements if name in found]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle()


@pytest.fixture(scope="module")
def judgments() -> list[Judgment]:
    return read_judgments(JUDGMENTS)


@pytest.fixture(scope="module")
def text(bundle: Bundle, judgments: list[Judgment]) -> str:
    return page([answered(one, bundle, f"x{n:03d}") for n, one in enumerate(judgments, 1)], bundle)


@pytest.fixture(scope="module")
def read(text: str) -> Reader:
    return Reader(text)


def small_law(folder: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any] | None) -> Path:
    """Copy the law, with one changed judgment, or without examples where `changes` is None."""
    made = folder / "law"
    shutil.copytree(law_folder(), made, ignore=shutil.ignore_patterns("examples"))
    if changes is not None:
        content = yaml.safe_load((JUDGMENTS / "cjeu-c-357-09.yaml").read_text(encoding="utf-8"))
        (made / "examples" / "judgments").mkdir(parents=True)
        target = made / "examples" / "judgments" / "one.yaml"
        target.write_text(yaml.safe_dump({**content, **changes}, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("STAZA_LAW", str(made))
    return made


# ------------------------------------------------------------------------------------------------ the command


def test_the_page_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small_law(tmp_path, monkeypatch, {})
    out = tmp_path / "deep" / "demo.html"
    assert main(["demo", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == f"{out}\n"
    assert said.err == "staza: 1 of 1, cjeu-c-357-09\n"
    assert not Reader(out.read_text(encoding="utf-8")).faults


def test_without_examples_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small_law(tmp_path, monkeypatch, None)
    out = tmp_path / "demo.html"
    assert main(["demo", "--out", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("staza: There are no judgments to show.")
    assert said.err.count("staza:") == 1
    assert not out.exists()


def test_a_page_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small_law(tmp_path, monkeypatch, {})
    assert main(["demo", "--out", str(tmp_path)]) == 2
    assert "The page cannot be written." in capsys.readouterr().err


@pytest.mark.parametrize("changes", [{"as_of": None}, {"timeline": 3}, {"state": "Nowhere"}])
def test_a_broken_judgment_is_said(
    changes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small_law(tmp_path, monkeypatch, changes)
    assert main(["demo", "--out", str(tmp_path / "demo.html")]) == 2
    assert "where:" in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------- the page


def test_every_case_is_there(text: str, read: Reader, judgments: list[Judgment]) -> None:
    ids = Counter(read.values("id"))
    assert [one for one, count in ids.items() if count > 1] == []
    assert len(judgments) == len(list(JUDGMENTS.glob("*.yaml")))
    for one in judgments:
        assert one.content["id"] in ids
        assert case_number(one.content) in text


def test_the_html_is_whole(read: Reader) -> None:
    assert read.faults == []
    assert read.open == []
    ids = set(read.values("id"))
    assert [href for href in read.values("href") if href.startswith("#") and href[1:] not in ids] == []
    levels = [int(tag[1]) for tag, _ in read.elements if tag in ("h1", "h2", "h3", "h4", "h5")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_needs_nothing_else(read: Reader) -> None:
    assert not read.values("src")
    assert [found for tag, found in read.elements if tag == "link"] == [{"rel": "icon", "href": "data:,"}]
    assert not [key for _, found in read.elements for key in found if key.startswith("on")]


def test_every_breach_has_an_article(read: Reader) -> None:
    ids = set(read.values("id"))
    assert read.breaches
    for cited in read.breaches:
        assert cited
        assert all(href[1:] in ids for href in cited)


def test_the_page_uses_the_words_of_the_project(text: str) -> None:
    assert "migrant" not in text.lower()
    for word in ("illegal person", "illegal alien", "illegals"):
        assert word not in text.lower()


def test_the_page_is_the_same_each_time(text: str, bundle: Bundle, judgments: list[Judgment]) -> None:
    again = page([answered(one, bundle, f"x{n:03d}") for n, one in enumerate(judgments, 1)], bundle)
    assert again == text


def test_no_name_of_a_case_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_law(tmp_path, monkeypatch, {"name": "Wintermoor against Elsewhere"})
    out = tmp_path / "demo.html"
    assert main(["demo", "--out", str(out)]) == 0
    assert "Wintermoor" not in out.read_text(encoding="utf-8")


def test_hostile_text_is_only_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = dict.fromkeys(("story", "issue", "what_the_court_said", "court", "citation", "id"), HOSTILE)
    persons = [{"ref": "p1", "role": HOSTILE, "age_group": "adult"}]
    source = [{"url": "javascript:alert(1)", "read": HOSTILE}]
    small_law(tmp_path, monkeypatch, {**words, "persons": persons, "sources": source, "verification": HOSTILE})
    out = tmp_path / "demo.html"
    assert main(["demo", "--out", str(out)]) == 0
    read = Reader(out.read_text(encoding="utf-8"))
    assert read.faults == []
    assert [tag for tag, _ in read.elements].count("script") == 1
    assert "img" not in {tag for tag, _ in read.elements}
    assert not [href for href in read.values("href") if href.startswith("javascript")]
    assert "{{ 7 * 7 }}" in out.read_text(encoding="utf-8")


# --------------------------------------------------------------------------------- what the evaluation is given


def test_the_evaluation_gets_the_neutral_log(
    bundle: Bundle, judgments: list[Judgment], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, Any]] = []
    real = cases_module.read_case

    def spy(content: dict[str, Any], bundle: Bundle, *, where: str) -> Any:
        given.append(content)
        return real(content, bundle, where=where)

    monkeypatch.setattr(cases_module, "read_case", spy)
    for one in judgments:
        answered(one, bundle, "x")
    assert len(given) == len(judgments)
    for log in given:
        assert set(log) <= {"id", "as_of", "state", "persons", "context", "timeline"}
        assert log["id"] == "x"
        for event in log["timeline"]:
            assert not {"note", "verification"} & set(event)
            assert event["what"] not in OF_THE_COURT
            assert first_day(event["date"]).isoformat() <= log["as_of"]


def test_what_a_court_held_changes_no_finding(bundle: Bundle, judgments: list[Judgment]) -> None:
    one = next(j for j in judgments if j.content["id"] == "cjeu-c-357-09")
    other = Judgment({**one.content, "holdings": [], "outcome": "no_breach", "story": ""}, one.told, one.later)
    assert neutral(one, "x") == neutral(other, "x")
    found = [state.findings for state in answered(one, bundle, "x").states]
    assert found == [state.findings for state in answered(other, bundle, "x").states]


# ------------------------------------------------------------------------------------------------- comparing


@pytest.mark.parametrize(
    ("cite", "wanted", "same"),
    [
        ("eu.2008-115/15(6)", "eu.2008-115/15(6)", True),
        ("eu.2008-115/15(6)(a)", "eu.2008-115/15(6)", True),
        ("eu.2008-115/15(5)", "eu.2008-115/15(6)", False),
        ("eu.2008-115/15(5)", "eu.2008-115/15", True),
        ("eu.2008-115/15(5)", "eu.2008-115/*", True),
        ("echr/5(1)", "echr.p4/5(1)", False),
    ],
)
def test_articles_meet(cite: str, wanted: str, same: bool) -> None:
    assert meets(cite, wanted) is same


def test_outcomes() -> None:
    row = {"breach": True, "computable": True, "cites": ["echr/5(1)"], "limit_date": "2008-05-03"}
    limit = first_day("2008-05-03").toordinal()
    seen = Seen(("echr/5(1)",), "p1", limit)
    assert _outcome(row, [seen], [row]) == "found"
    assert _outcome({**row, "persons": ["p1", "p2"]}, [seen], [row]) == "missed"
    assert _outcome(row, [Seen(("echr/5(1)",), "p1", limit + 2)], [row]) == "missed"
    assert _outcome({**row, "computable": False}, [seen], [row]) == "left"
    denied = {"breach": False, "computable": True, "cites": ["echr/5(1)"]}
    assert _outcome(denied, [seen], []) == "alarm"
    assert _outcome(denied, [seen], [row]) == "silent"
    assert _outcome({**denied, "computable": False}, [], []) == "left"


# --------------------------------------------------------------------------------------------------- drawing


def test_drawings_stay_on_their_line(bundle: Bundle, judgments: list[Judgment]) -> None:
    for one in judgments:
        made = drawing(answered(one, bundle, "x"))
        places = [mark.x for lane in made.lanes for mark in lane.marks] + [limit.x for limit in made.limits]
        places += [bar.x for lane in made.lanes for bar in lane.bars] + [x for x, _ in made.ticks]
        assert all(0 <= x <= 100 for x in places)
        assert len(made.ticks) <= 8
        assert {ref for lane in made.lanes for ref in lane.persons} == {p["ref"] for p in one.content["persons"]}
        for lane in made.lanes:
            for row in {mark.row for mark in lane.marks}:
                xs = [mark.x for mark in lane.marks if mark.row == row]
                assert all(b - a >= 2.9 for a, b in pairwise(xs))


# ------------------------------------------------------------------------------------------- directions and media


def test_texts_of_law_and_judgments_stay_english_in_a_page_of_another_direction(read: Reader) -> None:
    """A page around them may read from right to left; what was written in English carries its language itself."""
    of_english = {"issue", "title", "asks", "step", "said", "expected", "cite"}
    marked = [found for _, found in read.elements if of_english & set(found.get("class", "").split())]

    assert {name for found in marked for name in found["class"].split()} >= of_english
    assert all((found.get("lang"), found.get("dir")) == ("en", "ltr") for found in marked)


def test_the_style_knows_print_and_forced_colours() -> None:
    style = files("staza.cli.demo_page").joinpath("style.css").read_text(encoding="utf-8")
    printed, forced = (style.split(f"@media {name} {{", 1)[1] for name in ("print", "(forced-colors: active)"))

    assert "--ink: #000" in printed
    assert "CanvasText" in forced
    narrow = re.findall(r"@media ([^{]*max-width[^{]*)", style)
    assert narrow
    assert all(one.startswith("screen and") for one in narrow), "paper is narrow and keeps the wide layout"


# ---------------------------------------------------------------------------------------------------- the stories


@pytest.fixture(scope="module")
def told_stories(bundle: Bundle) -> list[Told]:
    return [tell(story, bundle) for story in stories(law_folder())]


@pytest.fixture(scope="module")
def stories_read(bundle: Bundle, told_stories: list[Told]) -> Reader:
    return Reader(page([], bundle, told_stories))


def test_every_story_and_each_of_its_days_is_there(stories_read: Reader, told_stories: list[Told]) -> None:
    ids = Counter(stories_read.values("id"))

    assert told_stories
    assert [one for one, count in ids.items() if count > 1] == []
    for story in told_stories:
        assert story.id in ids
        assert all(moment.anchor in ids for moment in story.moments)
        assert story.wanted == sum(len(moment.wanted) for moment in story.moments)


def test_the_html_of_the_stories_is_whole(stories_read: Reader) -> None:
    assert stories_read.faults == []
    assert stories_read.open == []
    ids = set(stories_read.values("id"))
    assert [href for href in stories_read.values("href") if href.startswith("#") and href[1:] not in ids] == []
    levels = [int(tag[1]) for tag, _ in stories_read.elements if tag in ("h1", "h2", "h3", "h4", "h5")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_story_shows_only_clocks_of_acts_that_can_bind_there(told_stories: list[Told]) -> None:
    shown = [one for story in told_stories for moment in story.moments for one in moment.clocks]

    assert not [a.cite for one in shown for a in one.articles if a.cite.startswith("eu.")]


def test_hostile_text_of_a_story_is_only_text(bundle: Bundle) -> None:
    first = next(stories(law_folder()))
    hostile = first.told.model_copy(update={"title": HOSTILE, "why": HOSTILE})
    read = Reader(page([], bundle, [tell(replace(first, told=hostile), bundle)]))

    assert read.faults == []
    assert [tag for tag, _ in read.elements].count("script") == 1
    assert "img" not in {tag for tag, _ in read.elements}


def test_beside_each_date_stands_how_its_article_was_checked(
    told_stories: list[Told], stories_read: Reader, bundle: Bundle
) -> None:
    clocks = [one for story in told_stories for moment in story.moments for one in moment.clocks]
    states = {bundle.checking[rule.id].state for rule in bundle.rules}

    assert {one.checked.state for one in clocks} <= states - {""}
    assert {"verified-text", "verified-secondary", "memory-only"} <= {one.checked.state for one in clocks}
    assert all(one.checked.state == "memory-only" for one in clocks if one.status == "its length was not read")
    shown = Counter(found.get("class", "") for tag, found in stories_read.elements if tag == "span")
    for state in ("verified-text", "verified-secondary", "memory-only"):
        assert shown[f"checked {state}"] >= sum(one.checked.state == state for one in clocks)


def test_a_confirmed_date_names_the_gazette(bundle: Bundle) -> None:
    rule = next(one for one in bundle.rules if one.id == "returns.detention.maximum")
    law = law_of(bundle, "Bulgaria")
    made = Checking("confirmed", "Gazette 88/15", "118(3)", "2026-11-20", "legal_adviser")
    confirmed = replace(bundle, checking={**bundle.checking, rule.id: made})

    said = how_checked(rule, law, confirmed)
    assert said.state == "confirmed"
    assert said.confirmed.startswith("Gazette 88/15, art. 118(3), read on 2026-11-20 by: ")
    assert CLAUSES[said.state] == "confirmed by the authority"
    assert how_checked(rule, law, bundle).confirmed == ""


def test_that_nobody_read_whether_an_act_binds_stands_beside_the_date(bundle: Bundle) -> None:
    rule = next(one for one in bundle.rules if one.id == "returns.detention.maximum")
    bound = {**bundle.bound_by, "eu.2008-115": {"Bulgaria": Checking("memory-only")}}
    unread = replace(bundle, bound_by=bound)

    assert how_checked(rule, law_of(bundle, "Bulgaria"), bundle).binds == ""
    assert how_checked(rule, law_of(bundle, "Bulgaria"), unread).binds == "whether the act binds was not read"


def test_long_lists_of_articles_are_folded_and_whole(told_stories: list[Told], bundle: Bundle) -> None:
    story = max(told_stories, key=lambda one: max((len(b.articles) for m in one.moments for b in m.blocks), default=0))
    text = page([], bundle, [story])
    folded = re.findall(r'<details class="rest"><summary>and (\d+) more</summary>(.*?)</details>', text, re.S)
    long = [b for m in story.moments for b in m.blocks if len(b.articles) > 5]
    long_clocks = [c for m in story.moments for c in m.clocks if len(c.articles) > 5]

    assert long
    assert len(folded) == len(long) + len(long_clocks)
    assert all(rest.count('class="cite"') == int(count) for count, rest in folded)
    links = Counter(Reader(text).values("href"))
    for one in long:
        assert all(links[f"#{article.anchor}"] for article in one.articles)


def test_months_at_the_ends_of_a_line_stay_inside_it(told_stories: list[Told], bundle: Bundle) -> None:
    text = page([], bundle, told_stories)
    ticks = [
        (float(x), edge.strip()) for edge, x in re.findall(r'class="tick( early| late)?" style="--x:([\d.]+)"', text)
    ]

    assert {edge for _, edge in ticks} == {"", "early", "late"}
    assert all((edge == "late") == (x > 91) and (edge == "early") == (x < 9) for x, edge in ticks)


def test_who_decides_stands_beside_the_date_with_its_article(
    told_stories: list[Told], stories_read: Reader, bundle: Bundle
) -> None:
    clocks = [(story.id, one) for story in told_stories for m in story.moments for one in m.clocks]
    deciders = {(ident[6:8], one.words) for ident, clock in clocks for one in clock.deciders}
    shown = [found for tag, found in stories_read.elements if found.get("class") == "decider"]

    assert {
        ("01", "Ministry of Security, Sector for Asylum"),
        ("05", "Towards Switzerland the Ministry of Security is the authority of the agreement"),
        ("11", "Centre for social welfare"),
    } <= deciders
    assert len(shown) == sum(len(clock.deciders) for _, clock in clocks)
    assert all(one.articles and one.checked for _, clock in clocks for one in clock.deciders)


@pytest.mark.parametrize(
    ("name", "day", "asked", "follows", "who"),
    [
        ("05", "27 Apr 2026", "Does 7 Apr 2026, the day that starts the period, count as its first day?",
         "If it does, the last day is 26 Apr 2026; if not, it is 27 Apr 2026.", "a lawyer"),
        ("11", "13 May 2026", "At what times of day did it begin, and was it done?",
         "It ended on 11 May 2026 or on 12 May 2026", "the authority"),
    ],
    ids=["first-day", "hours"],
)  # fmt: skip
def test_a_question_about_a_clock_says_what_is_not_known_what_follows_and_who_can_answer(
    told_stories: list[Told], name: str, day: str, asked: str, follows: str, who: str, bundle: Bundle
) -> None:
    story = next(one for one in told_stories if one.id.startswith(f"story-{name}"))
    moment = next(one for one in story.moments if one.day == day)
    found = [one for one in moment.findings["question"] if one.follows]

    assert [(one.questions[0].startswith(asked), one.owner) for one in found] == [(True, who)]
    assert found[0].follows.startswith(follows)
    assert found[0].follows in html.unescape(page([], bundle, [story]))


def test_where_sources_differ_on_a_length_the_question_says_so(bundle: Bundle) -> None:
    """The time for the attestation is told as fourteen and as fifteen days; here it is made one that may be missed."""
    law = law_of(bundle, "Bosnia and Herzegovina")
    rule = next(one for one in law.rules if one.limits and one.limits[0].or_else)
    clock = ClockState(rule.id, "person", 1, ("running", "missed"), (739677, 739677), (739691, 739692))

    made = in_doubt(rule, [clock], Finding("question", rule.id, (), (), "person", 739692))

    assert made is not None
    assert made.asked == "How long is the period? The sources differ."
    assert made.follows.startswith("By the shorter figure the last day is 16 Mar 2026, by the longer 17 Mar 2026.")
    assert in_doubt(rule, [clock], Finding("question", rule.id, (), (), "person", 739692, missing=("x",))) is None
    assert (
        in_doubt(rule, [replace(clock, due=(739691, 739691))], Finding("question", rule.id, (), (), "person", 1))
        is None
    )
