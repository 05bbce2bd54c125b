"""Agreements as tables of terms: the values of the facts, which text goes first, and what is refused."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, event, log, state

from staza.cli.answers import message, stage
from staza.lawbook.bundle import law_of
from staza.lawbook.check import checked_law
from staza.lawbook.errors import LawError

BA = "Bosnia and Herzegovina"
FACTS = ROOT.parent / "shared" / "facts" / "law-wb.yaml"
AGREEMENT = re.compile("readm|protocol|bilateral", re.IGNORECASE)


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


@pytest.mark.skipif(not FACTS.is_file(), reason="the researched facts are not beside")
def test_every_period_of_an_agreement_is_in_its_table(checked):
    """Each checked period of an agreement or protocol stands in a term with its value, unit and article."""
    texts = checked[1].texts.values()
    terms = [(text, name, term) for text in texts for name, term in text.terms.items()]
    wrong, compared, outside = [], 0, set()
    for fact in yaml.safe_load(FACTS.read_text(encoding="utf-8")):
        told = (fact["id"], fact["value"], fact["unit"])
        of_a_text = fact["country"] == "BA" and AGREEMENT.search(fact["instrument"])
        if not of_a_text or fact["kind"] != "clock" or fact["verification"] == "memory-only" or not fact["value"]:
            continue
        giving = [(text, term) for text, _, term in terms if fact["id"] in term.facts and match(term.is_)]
        compared += bool(giving)
        if not giving:
            outside.add(fact["id"])
        for text, term in giving:
            where = (text.instrument, *told, term.is_, term.article)
            if not term.differs and match(term.is_) != told[1:]:
                wrong.append(where)
            if fact["id"] == "BA-BIL-005":
                continue  # the one fact lists several periods, of two articles
            if bool(fact["before"]) is not (" before " in term.is_) or not same_article(fact["article"], term.article):
                wrong.append(where)

    assert wrong == []
    assert compared > 30
    # lists that are exchanged, and how an agreement ends: no period of a file on a person
    assert outside == {"BA-PRO-001", "BA-PRO-016", "BA-BIL-016", "BA-AT-025"}


def same_article(told: str, given: list[str]) -> bool:
    """Whether a term cites an article of the fact; the Roman and lettered ones are written in another way."""
    told = {"5(a)": "5(1)", "5(b)": "5(2)", "protocol VIII": "8"}.get(told, told)
    return set(re.split(r"; *", told)) & set(given) != set() if told else given == ["?"]


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

    which = {"readmission.which_text.ba-hr": "question"}
    assert verdicts(bundle, asked("Croatia", "2024-01-08", refused, evidence="none")) == which
    assert verdicts(bundle, asked("Croatia", "2024-01-08", evidence="none")) == {
        **which,
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


def test_a_refusal_after_silence_leaves_the_consent_standing(bundle):
    """By operation of law consent stands: the stage is accepted, the application stays open."""
    received = event("2024-10-07", "readmission_application_received", partner="Switzerland", id="a")
    late = event("2024-10-29", "readmission_refused", partner="Switzerland", reasons_given=True)
    early = {**late, "date": "2024-10-26"}
    file = {day["date"]: log(received, day, state=BA, as_of="2024-12-31") for day in (late, early)}
    law = law_of(bundle, BA, kept_by_authority=True)
    found = {
        day: (stage(law, one), one.end is None)
        for day, content in file.items()
        for one in state(bundle, content).instances
        if one.procedure == "readmission.application"
    }

    assert found == {"2024-10-29": ("accepted", True), "2024-10-26": ("refused", False)}


def test_whose_lateness_it_is_follows_from_who_asked(bundle):
    answered = event("2024-10-30", "readmission_accepted", partner="Slovenia")
    ends = {
        "received": [event("2024-10-07", "readmission_application_received", partner="Slovenia")],
        "sent": [event("2024-10-07", "readmission_application_sent", partner="Slovenia", received_on="2024-10-07")],
        "both": [
            event("2024-10-06", "readmission_application_sent", partner="Slovenia"),
            event("2024-10-07", "readmission_application_received", partner="Slovenia"),
        ],
        "by the partner": [
            event("2024-10-06", "readmission_application_sent", partner="Slovenia", by="Slovenia"),
            event("2024-10-07", "readmission_application_received", partner="Slovenia"),
        ],
    }
    rule = "readmission.reply.ba-eu"
    made = {name: state(bundle, log(*first, answered, state=BA, as_of="2024-12-31")) for name, first in ends.items()}

    assert all([c.status for c in one.clocks if c.rule == rule] == [("met_late",)] for one in made.values())
    assert {name: [(f.verdict, f.owner) for f in one.findings if f.rule == rule] for name, one in made.items()} == {
        "received": [("breach", "authority")],
        "sent": [],
        "both": [],
        "by the partner": [("breach", "authority")],
    }


def test_a_duty_is_of_the_side_that_is_asked(bundle):
    owed = {"partner": "Switzerland", "nationality_basis": "own_national", "evidence": "proof"}
    owners = {
        kind: [duty.owner for duty in made.duties if duty.rule == "readmission.own_nationals.ba-ch"]
        for kind in ("readmission_application_received", "readmission_application_sent")
        for made in [state(bundle, log(event("2024-10-07", kind, **owed), state=BA, as_of="2024-10-08"))]
    }

    assert owners == {
        "readmission_application_received": ["authority"],
        "readmission_application_sent": ["other_state"],
    }


def test_a_clock_of_unknown_length_asks_as_the_agreement_does(bundle, checked):
    rule = law_of(bundle, BA).rule("readmission.reply.ba-hr")

    asked_for = checked[1].texts["ba-hr"].terms["reply"].asks
    made = state(bundle, asked("Croatia", "2024-01-08"))
    said = [message(bundle, law_of(bundle, BA), f) for f in made.findings if f.rule == rule.id]

    assert rule.asks == asked_for
    assert len(said) == 1
    assert asked_for in said[0]


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


def test_a_report_of_sending_proves_the_receipt_where_a_protocol_says_so(bundle):
    """BA-PRO-008, BA-PRO-022: the protocols with Austria and the Benelux, each from its first day; nobody else's."""
    begun = {
        (partner, day): [c.status for c in state(bundle, content).clocks if c.rule.startswith("readmission.reply.")]
        for partner, day in (
            ("Austria", "2024-10-07"),
            ("Austria", "2012-02-19"),
            ("Belgium", "2024-10-07"),
            ("Belgium", "2021-07-31"),
            ("Slovenia", "2024-10-07"),
            ("Switzerland", "2024-10-07"),
        )
        for content in [
            log(
                event(day, "readmission_application_sent", partner=partner, proof_of_receipt=True),
                state=BA,
                as_of=day,
            )
        ]
    }

    assert begun == {
        ("Austria", "2024-10-07"): [("running",)],
        ("Austria", "2012-02-19"): [("idle",)],
        ("Belgium", "2024-10-07"): [("running",)],
        ("Belgium", "2021-07-31"): [("idle",)],
        ("Slovenia", "2024-10-07"): [("idle",)],
        ("Switzerland", "2024-10-07"): [("idle",)],
    }
