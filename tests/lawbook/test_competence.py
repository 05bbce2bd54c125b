"""Who decides what: rows of dated data become safeguards; a row with a fault is said, and never evaluated."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT

from staza.cli import main
from staza.engine import evaluate
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.cache import load_bundle
from staza.lawbook.casefile import read_case
from staza.lawbook.check import checked_law
from staza.lawbook.deciding import deciding
from staza.lawbook.errors import LawError

HEAD = """competence: Bosnia and Herzegovina
bodies:
- {body: old_service, label: Old service, gist: It decided., cites: ba.aliens/93(4), until: '2020-01-01'}
- {body: new_service, label: New service, gist: It decides., cites: ba.aliens/93(4), since: '2020-01-01'}
- {body: office, label: Office, gist: A unit., part_of: new_service, cites: ba.aliens/93(4)}
- {body: other, label: Other, gist: It decides something else., cites: ba.aliens/93(4)}
rows:
"""
OLD = """- id: t.old
  title: The old service decides
  decides: [residence_cessation_decided]
  by: [old_service]
  until: '2020-01-01'
  cites: ba.aliens/93(4)
"""
NEW = OLD.replace("t.old", "t.new").replace("old", "new").replace("until", "from")


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """The words and acts of the law, with the shared rules and nothing on competence."""
    folder = tmp_path / "law"
    for name in ("event_kinds", "vocabularies", "instruments", "procedures/shared", "calendars"):
        shutil.copytree(ROOT / "law" / name, folder / name)
    shutil.copy(ROOT / "law" / "facts.yaml", folder)
    (folder / "competence").mkdir()
    for path in (folder / "procedures").rglob("*.yaml"):
        if path.name != "instances.yaml":
            path.unlink()
    return folder


def written(law: Path, rows: str, head: str = HEAD) -> Bundle:
    (law / "competence" / "t.yaml").write_text(head + rows)
    return checked_law(law, "t")[0]


def found(bundle: Bundle, day: str, by: str | None, what: str = "residence_cessation_decided") -> list[str]:
    entry = {"date": day, "what": what} | ({"by": by} if by else {})
    content = {"id": "t", "as_of": "2024-06-01", "state": "Bosnia and Herzegovina", "persons": [{"ref": "p1"}],
               "context": {}, "timeline": [entry]}  # fmt: skip
    file = read_case(content, bundle, where="t")
    state = evaluate(file.histories[0], law_of(bundle, file.state), as_of=date(2024, 6, 1).toordinal())
    return [f"{one.verdict} {one.rule}" for one in state.findings if one.rule.startswith("t.")]


@pytest.mark.parametrize(
    ("day", "by", "finding"),
    [
        ("2019-12-31", "old_service", []),
        ("2019-12-31", "new_service", ["concern t.old"]),
        ("2020-01-01", "old_service", ["concern t.new"]),
        ("2020-01-01", "new_service", []),
        ("2020-01-01", "office", []),
        ("2020-01-01", "other", ["concern t.new"]),
        ("2020-01-01", "authority", []),
        ("2020-01-01", "nobody_listed", []),
        ("2020-01-01", "unknown", []),
        ("2020-01-01", None, []),
        ("2019", "new_service", ["concern t.old"]),
    ],
)
def test_competence_is_that_of_the_day(law, day, by, finding):
    assert found(written(law, OLD + NEW), day, by) == finding


def test_a_whole_is_competent_where_its_unit_is(law):
    bundle = written(law, NEW.replace("[new_service]", "[office]"))

    assert found(bundle, "2022-01-01", "new_service") == []
    assert found(bundle, "2022-01-01", "other") == ["concern t.new"]


@pytest.mark.parametrize(
    "rows",
    [
        NEW.replace("ba.aliens/93(4)", "ba.aliens/118(3)"),  # known second-hand
        NEW.replace("ba.aliens/93(4)", "ba.asylum/?\n  facts: BA-INS-001"),  # a publication, not the article
        NEW.replace("[new_service]", "not_read\n  asks: Who decides?"),
    ],
    ids=["second-hand", "without-article", "not-read"],
)
def test_what_was_not_read_in_the_text_only_asks(law, rows):
    assert found(written(law, rows), "2022-01-01", "other") == ["question t.new"]


def test_a_row_of_another_entry_says_nothing(law):
    assert found(written(law, NEW), "2022-01-01", "other", "entry_ban_lifted") == []


def test_a_condition_tells_rows_apart(law):
    one = NEW.replace("[residence_cessation_decided]", "[residence_cessation_decided where ground = asylum]")
    two = OLD.replace("[residence_cessation_decided]", "[residence_cessation_decided where ground = visa]")

    written(law, one + two.replace("old_service", "other").replace("  until: '2020-01-01'\n", ""))


def test_the_same_bodies_in_another_order_do_not_contradict(law):
    row = NEW.replace("[new_service]", "[new_service, other]")

    written(law, row + row.replace("t.new", "t.again").replace("new_service, other", "other, new_service"))


BAD = [
    ("unknown-body", NEW.replace("[new_service]", "[new_servce]"), "`new_servce` is no body", "t.yaml:11"),
    ("unknown-kind", NEW.replace("cessation_decided", "cesation_decided"), "no kind of event", "t.yaml:10"),
    ("until-before-from", NEW + "  until: '2019-01-01'\n", "`t.new` ends before it begins", "t.yaml:14"),
    ("contradiction", OLD + NEW.replace("2020-01-01", "2019-12-31").replace("new_service", "other"),
     "different bodies decide", "t.yaml:14"),
    ("gone", NEW.replace("new_service", "old_service"), "`old_service` is not there", "t.yaml:11"),
    ("not-read", NEW.replace("[new_service]", "not_read"), "asks nothing", "t.yaml:8"),
    ("law-of-nobody", NEW.replace("ba.aliens/93(4)", "echr/5(1)"), "rests on no law of Bosnia", "t.yaml:13"),
    ("no-such-article", NEW.replace("93(4)", "93(9)"), "`ba.aliens/93(9)` is cited", "t.yaml:13"),
    ("no-such-fact", NEW + "  facts: BA-XXX-1\n", "`BA-XXX-1` is no fact", "t.yaml:14"),
    ("twice", NEW + NEW, "declared twice", "t.yaml:14"),
    ("condition", NEW.replace("_decided]", "_decided where no_such_name]"), "no_such_name", "t.yaml:10"),
    ("key", NEW.replace("decides:", "decide:"), "`decide`", "t.yaml:10"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "said", "where"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_row_with_a_fault_is_said_with_its_place(law, rows, said, where):
    with pytest.raises(LawError) as fault:
        written(law, rows)

    assert said in f"{fault.value.what} {fault.value.why}"
    assert where in fault.value.where
    assert fault.value.next


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("competence: Bosnia and Herzegovina", "competence: Bosnia", "`Bosnia` is no State"),
        ("part_of: new_service", "part_of: new_servce", "`new_servce` is no body"),
        ("part_of: new_service", "part_of: office", "`office` is no body"),
        ("body: other", "body: office", "declared twice"),
        ("since: '2020-01-01'", "since: '2020-01-01', until: '2019-01-01'", "`new_service` ends before"),
        ("since: '2020-01-01'", "records_as: [aliens_servce]", "`aliens_servce` is no function that records"),
        ("gist: A unit., part_of: new_service, cites: ba.aliens/93(4)",
         "gist: A unit., cites: ba.aliens/93(9)", "`ba.aliens/93(9)`"),
    ],
)  # fmt: skip
def test_a_body_with_a_fault_is_said(law, old, new, said):
    with pytest.raises(LawError) as fault:
        written(law, OLD, HEAD.replace(old, new))

    assert said in fault.value.what
    assert "competence/t.yaml" in fault.value.where


def test_who_records_is_a_listed_function(law):
    path = law / "event_kinds" / "returns.yaml"
    path.write_text(path.read_text().replace("recorded_by: [aliens_service]", "recorded_by: [aliens_servce]", 1))
    with pytest.raises(LawError) as fault:
        written(law, OLD)

    assert fault.value.what == "`aliens_servce` is no function that records."
    assert fault.value.where == "event_kinds/returns.yaml:11, `return_decision_issued`, key `recorded_by`"
    assert "aliens_service" in fault.value.next


def test_who_records_is_not_who_confirms(bundle):
    assert "legal_adviser" in bundle.functions
    assert "aliens_service" not in bundle.functions


def test_a_row_that_was_confirmed_gives_a_concern(law, tmp_path, monkeypatch):
    """An answer of the overlay is what reading the text is."""
    overlay = tmp_path / "overlay"
    (overlay / "confirmations").mkdir(parents=True)
    (overlay / "confirmations" / "ba.yaml").write_text(
        "- clause: ba.aliens/118(3)\n  answer: confirmed\n  article: '118(3)'\n  gazette: OG 88/15\n"
        "  confirmed_on: '2026-01-01'\n  confirmed_by: legal_adviser\n"
        "  was: {checked: verified-secondary, article: '118(3)'}\n"
    )
    (law / "competence" / "t.yaml").write_text(HEAD + NEW.replace("93(4)", "118(3)"))
    monkeypatch.setenv("STAZA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("STAZA_LAW_OVERLAY", str(overlay))

    assert found(load_bundle(law), "2022-01-01", "other") == ["concern t.new"]


def test_a_body_that_is_no_court_is_an_authority_for_every_rule():
    """Rules that tell a court from an authority name the courts, and what else no authority is, by their codes."""
    bundle, sources = checked_law(ROOT / "law", "t")
    others = {one for one in str(bundle.conditions["by_an_authority"].tree).split("'") if one.isidentifier()}
    bodies = {body.body for file in sources.competence.values() for body in file.bodies}

    assert bodies & others == {"court"}
    assert others <= bundle.fields["by"].values | {"not", "in", "name", "by"}


# ---------------------------------------------------------------------------------------------------- shown


def shown(capsys, *words: str) -> tuple[int, str, str]:
    code = main(["law", "show", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_who_decides_is_shown_for_a_day(capsys):
    code, out, _ = shown(capsys, "--who", "BA", "--on", "2023-09-13", "--json")
    before = json.loads(out)
    _, out, _ = shown(capsys, "--who", "Bosnia and Herzegovina", "--on", "2023-09-23", "--json")
    after = json.loads(out)

    assert code == 0
    holding = "ba.competence.holding"
    assert holding not in {one["rule"] for one in before["decides"]}
    assert holding in {one["rule"] for one in after["decides"]}
    assert "ombudsman" not in {one["body"] for one in before["bodies"]}
    service = next(one for one in after["bodies"] if one["body"] == "aliens_service")
    assert "return_decision_issued" in service["records"]


def test_who_decides_is_shown_as_a_table(capsys):
    _, out, _ = shown(capsys, "--who", "BA", "--on", "2026-10-01")

    assert "| The Service decides that a residence has ceased | Service for Foreigners Affairs |" in out
    assert "art. 93(4) | read in the text |" in out
    assert "not read: Which body gives the certificate" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--who", "RS"], "does not say who decides what in Serbia"),
        (["--who", "Atlantis"], "`Atlantis` is no State"),
        (["--who", "BA", "--on", "2026-13-01"], "`2026-13-01` is no day"),
        (["--who", "BA", "--all"], "asked for at once"),
        (["--on", "2026-10-01", "--all"], "`--on` is said without `--who`"),
    ],
)
def test_what_cannot_be_shown_is_said(capsys, words, said):
    code, _, err = shown(capsys, *words)

    assert code != 0
    assert said in err


# ------------------------------------------------------------------------------- before a decision is there

OWED = """title: Test
procedures: []
rules:
- id: t.owed
  title: The cessation is decided
  duty: [residence_cessation_decided, residence_ended]
  cites: ba.aliens/93(4)
"""
APPLIED = {"date": "2026-03-02", "what": "readmission_application_received", "id": "a1", "proof_of_receipt": True}
NATIONAL = {"partner": "Austria", "nationality_basis": "own_national", "evidence": "proof"}


def ba(*timeline: dict[str, object], as_of: str = "2026-03-04", **keys: object) -> dict[str, object]:
    return {"id": "t", "as_of": as_of, "state": "Bosnia and Herzegovina", "persons": [{"ref": "p1", "age_years": 30}],
            "context": {}, "timeline": list(timeline), **keys}  # fmt: skip


def said_of(bundle: Bundle, content: dict[str, object], rule: str) -> list[tuple[str, str, str | None]]:
    """Give what is said of who decides what clocks and duties wait for whose rule begins so."""
    file = read_case(content, bundle, where="t")
    law = law_of(bundle, file.state, kept_by_authority=file.kept_by_authority)
    state = evaluate(file.histories[0], law, as_of=file.as_of or 0)
    items = [one for one in (*state.clocks, *state.duties) if one.rule.startswith(rule)]
    found = [one for item in items for one in deciding(bundle, law, state, item)]
    return list(dict.fromkeys((one.introduced, one.words, one.body.body if one.body else None) for one in found))


def owed(law: Path, rows: str, as_of: str = "2022-01-01") -> list[tuple[str, str, str | None]]:
    (law / "procedures" / "owed.yaml").write_text(OWED)
    return said_of(written(law, rows), ba(as_of=as_of), "t.owed")


@pytest.mark.parametrize(("day", "body"), [("2019-12-31", "old_service"), ("2020-01-01", "new_service")])
def test_the_body_of_the_day_is_named_before_the_decision(law, day, body):
    label = body.replace("_", " ").capitalize()

    assert owed(law, OLD + NEW, day) == [("who decides", label, body)]


def test_what_is_known_second_hand_is_named_with_its_state_of_checking(law):
    assert owed(law, NEW.replace("93(4)", "118(3)"))[0][2] == "new_service"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (NEW.replace("[new_service]", "[new_service, other]"), ("who decides", "The new service decides", None)),
        (NEW.replace("_decided]", "_decided where ground = asylum]"),
         ("who decides, if so", "The new service decides", None)),
        (NEW.replace("_decided]", "_decided where not shown(by = other)]"),
         ("who decides, if so", "The new service decides", None)),
        (NEW.replace("[new_service]", "not_read\n  asks: Who decides?"),
         ("who decides was not read", "Who decides?", None)),
    ],
    ids=["several", "of-the-decision", "who-decided", "not-read"],
)  # fmt: skip
def test_no_body_is_named_that_may_be_wrong(law, rows, words):
    assert owed(law, rows) == [words]


def test_a_body_that_is_not_there_yet_is_not_named(law):
    assert owed(law, NEW.replace("  from: '2020-01-01'\n", ""), "2019-12-31") == [
        ("who decides", "The new service decides", None)
    ]


def test_rows_of_which_either_may_hold_name_nobody(law):
    rows = NEW.replace("_decided]", "_decided where not minor]")
    rows += (
        NEW.replace("t.new", "t.two")
        .replace("_decided]", "_decided where ground = visa]")
        .replace("[new_service]", "[other]")
    )

    assert [body for *_, body in owed(law, rows)] == [None, None]
    assert owed(law, NEW.replace("_decided]", "_decided where minor]")) == []
    assert owed(law, NEW.replace("_decided]", "_decided where not minor]"))[0][2] == "new_service"


def test_a_row_about_what_is_not_what_is_owed_says_nothing(law):
    assert owed(law, NEW.replace("residence_cessation_decided", "residence_ended")) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (NATIONAL, ["immigration_sector"]),
        ({**NATIONAL, "nationality_basis": "third_country_national"}, ["aliens_service"]),
        ({**NATIONAL, "nationality_basis": "former_sfry"}, []),
        ({"partner": "Austria"}, [None, None]),
        ({**NATIONAL, "partner": "Switzerland"}, ["ministry"]),
        ({**NATIONAL, "partner": "Denmark"}, []),
    ],
    ids=["national", "other", "neither", "not-recorded", "switzerland", "no-row"],
)
def test_who_answers_an_application_is_that_of_the_partner_and_the_person(bundle, fields, expected):
    assert [body for *_, body in said_of(bundle, ba({**APPLIED, **fields}), "readmission.reply")] == expected


def test_an_application_does_not_speak_for_another_one(bundle):
    """The first names no nationality; that of the second, from another partner, is not taken for it."""
    second = {**APPLIED, **NATIONAL, "partner": "Switzerland", "id": "a2", "date": "2026-03-03"}
    bodies = {body for *_, body in said_of(bundle, ba({**APPLIED, "partner": "Austria"}, second), "readmission.reply")}

    assert bodies == {None, "ministry"}


def test_nobody_here_decides_what_is_met_or_owed_by_another_state(bundle):
    asked = {
        "date": "2026-03-02",
        "what": "readmission_requested",
        "partner": "Switzerland",
        "received_on": "2026-03-03",
    }
    answered = {"date": "2026-03-03", "what": "readmission_accepted", "concerns": "a1", "partner": "Austria"}

    assert said_of(bundle, ba(asked), "readmission.reply") == []
    assert said_of(bundle, ba({**APPLIED, **NATIONAL}, answered), "readmission.reply") == []


def test_a_clock_that_nobody_read_waits_for_nobody_once_it_is_met(bundle):
    lodged = {"date": "2026-01-12", "what": "application_lodged"}
    refused = {"date": "2026-02-12", "what": "asylum_decision_issued", "result": "refused"}

    assert [body for *_, body in said_of(bundle, ba(lodged), "ba.asylum.decision")] == ["asylum_sector"]
    assert said_of(bundle, ba(lodged, refused), "ba.asylum.decision") == []


def test_an_act_that_never_binds_here_has_nobody_who_decides(bundle):
    lodged = {"date": "2026-01-12", "what": "application_lodged"}

    assert said_of(bundle, ba(lodged), "asylum.examination") == []
