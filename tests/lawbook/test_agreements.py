"""Agreements as tables of terms: the values of the facts, which text goes first, and what is refused."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, event, log, state

from staza.lawbook.check import checked_law
from staza.lawbook.errors import LawError

BA = "Bosnia and Herzegovina"


@pytest.fixture(scope="module")
def checked():
    return checked_law(ROOT / "law", "agreements")


def test_a_term_says_what_its_facts_say(checked):
    """A period of a term is that of each of its facts, unless the term says in what it differs."""
    sources = checked[1]
    rows = [
        (text.instrument, name, fact, term.differs, match(term.is_), (told.value, told.unit))
        for text in sources.texts.values()
        for name, term in text.terms.items()
        for fact in term.facts
        for told in [sources.facts[fact]]
    ]
    periods = [row for row in rows if row[4] and row[5][0] is not None]
    silent = {row[:3] for row in rows if row[4] and row[5][0] is None}

    assert [row for row in periods if row[4] != row[5] and not row[3]] == []
    assert len(periods) > 25
    assert {row[0] for row in periods if row[3]} == {"ba-benelux"}  # the fact lists several periods
    assert silent == {("ba-eu.p-benelux", "transfer_notice", "BA-PRO-021")}  # which text goes first, no period


def match(text: str) -> tuple[int, str] | None:
    """The period of a term, None for a code."""
    found = re.match(r"(\d+) ([a-z_]+)", text)
    return (int(found[1]), found[2]) if found else None


def test_every_term_that_was_not_read_asks(checked):
    texts = checked[1].texts.values()
    open_terms = {(t.instrument, n): term.asks for t in texts for n, term in t.terms.items() if term.is_ == "not_read"}

    assert len(open_terms) > 50
    assert all(open_terms.values())
    assert not {key for key, term in open_terms.items() if not term.endswith("?")}


def asked(partner: str | None, day: str, *more: dict, as_of: str = "2026-10-10", **fields):
    named = {} if partner is None else {"partner": partner}
    first = event(day, "readmission_application_received", **named, **fields)
    return log(first, *more, state=BA, as_of=as_of)


def running(bundle, content, term: str) -> set[str]:
    """The texts whose clock of a term has begun."""
    clocks = [c for c in state(bundle, content).clocks if c.rule.startswith(f"readmission.{term}.") and c.start]
    return {clock.rule.removeprefix(f"readmission.{term}.") for clock in clocks}


@pytest.mark.parametrize(
    "partner, day, text",
    [
        ("Austria", "2007-12-31", "ba-at"),
        ("Austria", "2008-01-01", "ba-eu"),
        ("Benelux", "2010-01-01", "ba-eu"),
        ("Benelux", "2024-01-01", "ba-eu"),
        ("Belgium", "2024-01-01", "ba-eu"),
        ("Curaçao", "2024-01-01", "ba-benelux"),
        ("Switzerland", "2009-07-01", "ba-ch"),
        ("Croatia", "2024-01-01", "ba-hr"),
        ("Serbia", "2024-01-01", "ba-rs"),
    ],
)
def test_one_text_gives_the_reply(bundle, partner, day, text):
    content = asked(partner, day, nationality_basis="third_country_national")

    assert running(bundle, content, "reply") == {text}


@pytest.mark.parametrize(
    "partner, day, texts",
    [
        ("Austria", "2012-02-19", {"ba-eu"}),
        ("Austria", "2012-02-20", {"ba-eu.p-at"}),
        ("Austria", "2007-12-31", set()),
        ("Benelux", "2021-07-31", {"ba-eu"}),
        ("Benelux", "2021-08-01", {"ba-eu.p-benelux"}),
        ("Slovenia", "2024-01-01", {"ba-eu"}),
        ("Switzerland", "2024-01-01", {"ba-ch"}),
    ],
)
def test_a_protocol_goes_before_its_agreement_from_its_first_day(bundle, partner, day, texts):
    content = log(event(day, "transit_application_received", partner=partner), state=BA, as_of="2026-10-10")

    assert running(bundle, content, "transit_reply") == texts


@pytest.mark.parametrize("partner, day", [("Denmark", "2024-01-01"), ("Ireland", "2024-01-01"), (None, "2024-01-01")])
def test_no_period_of_the_union_is_carried_over(bundle, partner, day):
    assert "ba-eu" not in running(bundle, asked(partner, day), "reply")


def verdicts(bundle, content) -> dict[str, str]:
    findings = state(bundle, content).findings
    return {f.rule: f.verdict for f in findings if f.rule.startswith("readmission.")}


def test_without_a_partner_there_is_one_question(bundle):
    content = asked(None, "2024-01-01", nationality_basis="third_country_national", evidence="proof")
    content["timeline"].append(event("2024-02-01", "transfer_announced", planned_for="2024-02-02"))

    assert verdicts(bundle, content) == {"readmission.partner": "question"}


def test_silence_is_consent_only_where_the_text_says_so(bundle):
    deemed = {
        partner: "readmission_consent_deemed" in {e.kind for i in made.instances for e in i.events}
        for partner in ("Switzerland", "Curaçao", "Austria", "EU", "Serbia", "Croatia", "Montenegro")
        for made in [state(bundle, asked(partner, "2024-01-08"))]
    }

    assert [partner for partner, consented in deemed.items() if consented] == ["Switzerland", "Curaçao"]


def test_a_refusal_for_lack_of_proof_leaves_nothing_open_with_croatia(bundle):
    refused = event("2024-01-15", "readmission_refused", partner="Croatia", reasons_given=True)

    assert verdicts(bundle, asked("Croatia", "2024-01-08", refused, evidence="none")) == {}
    assert verdicts(bundle, asked("Croatia", "2024-01-08", evidence="none")) == {
        "readmission.reply.ba-hr": "question",
        "readmission.refusal_without_proof.ba-hr": "question",
    }


def test_each_partner_has_its_own_application(bundle):
    content = asked(
        "Switzerland",
        "2024-01-08",
        event("2024-01-09", "readmission_application_received", partner="Slovenia"),
        event("2024-01-12", "readmission_refused", partner="Slovenia"),
        event("2024-01-15", "readmission_accepted", partner="Switzerland"),
    )
    made = state(bundle, content)
    rules = ("readmission.reply.ba-ch", "readmission.reply.ba-eu")
    statuses = {c.rule: c.status for c in made.clocks if c.rule in rules}

    assert statuses == {"readmission.reply.ba-ch": ("met",), "readmission.reply.ba-eu": ("met",)}
    assert not made.unbound


# ------------------------------------------------------------------------------------------- what is refused


@pytest.fixture
def law(tmp_path: Path) -> Path:
    folder = tmp_path / "law"
    shutil.copytree(ROOT / "law", folder, ignore=shutil.ignore_patterns("examples"))
    return folder


def changed(law: Path, name: str, old: str, new: str) -> LawError:
    path = law / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(LawError) as fault:
        checked_law(law, "digest")
    return fault.value


def test_two_texts_of_one_rank_with_one_term_are_refused(law):
    fault = changed(law, "instruments/agreements/ba-at.yaml", "behind: [ba-eu]\n", "")

    assert fault.what == "`ba-at` and `ba-eu` both give the term `application_within` towards Austria."
    assert "behind:" in fault.next


def test_a_protocol_that_contradicts_its_agreement_is_refused(law):
    fault = changed(law, "instruments/agreements/ba-eu-p-at.yaml", "implements: [ba-eu]\n", "")

    assert re.fullmatch(r"`ba-\S+` and `ba-eu.p-at` both give the term `[a-z_]+` towards Austria.", fault.what)
    assert "implements:" in fault.next


def test_a_term_that_no_agreement_gives_is_refused(law):
    fault = changed(law, "procedures/readmission/application.yaml", "term(interview)", "term(intervew)")

    assert fault.what == "No agreement gives the term `intervew`."
    assert "interview" in fault.next
