"""The reader of logs: what is wrong gives one clear message; what is odd gives a notice; nothing raises by accident."""

import pytest
import yaml
from conftest import ROOT, event, log
from hypothesis import given, settings
from hypothesis import strategies as st

from staza.lawbook.casefile import read_case, read_case_file
from staza.lawbook.errors import CaseFileError

BAD = [
    (log(event("2019-01-02", "detention_startd")), "detention_startd", "timeline.0.what"),
    (log(event("2019-01-02", "detention_started", colour="red")), "colour", "timeline.0.colour"),
    (log(context={"written_order": True}), "written_order", "context.written_order"),
    (log(context={"written_detention_order": "maybe"}), "maybe", "context.written_detention_order"),
    (log(event("2019-02-30", "released")), "2019-02-30", "timeline.0.date"),
    (log(event("2019-2-3", "released")), "2019-2-3", "timeline.0.date"),
    (log(event("2019-01-02", "released", persons=["p9"])), "p9", "timeline.0.persons"),
    (log(event("2019-01-02", "released", precision="week")), "week", "timeline.0.date"),
    (log(event("2019-01-02", "detention_ordered", months="six")), "six", "timeline.0.months"),
    (log(event("2019-01-02", "detention_ordered", time="25:00")), "25:00", "timeline.0.time"),
    (log(event("2019-01-02", "released", id="a"), event("2019-01-03", "released", id="a")), "`a`", "timeline.1.id"),
    (log(event("2019-01-02", "released", concerns="e7")), "e7", "timeline.0.concerns"),
    (log(event("tomorrow", "released")), "YYYY-MM-DD", "timeline.0.date"),
    (log(event("2019-01-02T10:00:00", "released")), "time of day", "timeline.0.date"),
    (log({"what": "released"}), "date", "timeline.0"),
    (log(state="Atlantis"), "Atlantis", "state"),
    (log(persons=[]), "person", "persons"),
    (log(persons=[{"ref": "p1", "colour": "red"}]), "colour", "persons.0.colour"),
    (log(persons=[{"ref": "p1"}, {"ref": "p1"}]), "p1", "persons.1"),
    (log(persons=[{"ref": "p1", "age_years": -3}]), "-3", "persons.0.age_years"),
    (log(weather="fine"), "weather", "weather"),
    ({"id": "x", "persons": 3, "state": "Bulgaria"}, "person", "persons"),
    (["not", "a", "log"], "log", ""),
    (log(id=None), "`null` is no id", "id"),
    (log(id=[]), "no id", "id"),
    (log(id=" "), "no id", "id"),
    (log(state=None), "names no State", "state"),
    (log(persons=[{"ref": ["p1"]}]), "no id", "persons.0.ref"),
    (log(persons=[{"ref": "p1", "count": -5}]), "-5", "persons.0.count"),
    (log(persons=[{"ref": "p1", "count": 0}]), "from 1 on", "persons.0.count"),
    (log(persons=[{"ref": "p1", "count": True}]), "true", "persons.0.count"),
    (log(persons=[{"ref": "p1", "age_years": 200}]), "200", "persons.0.age_years"),
    (log(persons=[{"ref": "p1", "vulnerable": {"a": 1}}]), "mapping", "persons.0.vulnerable"),
    (log(persons=[{"ref": "p1", "vulnerable": [["ptsd"]]}]), "a list", "persons.0.vulnerable"),
    (log(persons=[{"ref": "p1", "age_group": ["child"]}]), "a list", "persons.0.age_group"),
    (log(persons=[{"ref": "p1", "relations": ["p2"]}]), "`to`", "persons.0.relations.0"),
    (log(persons=[{"ref": "p1", "relations": [{"to": "p9", "as": "child"}]}]), "p9", "persons.0.relations"),
    (log(context=["a"]), "no mapping", "context"),
    (log(context={"by_person": ["p1"]}), "no mapping", "context.by_person"),
    (log(context={"by_person": {"p1": True}}), "no mapping", "context.by_person.p1"),
    (log(context={"appeal_period_days": -3}), "-3", "context.appeal_period_days"),
    (log(context={"detention_purpose": {"a": 1}}), "mapping", "context.detention_purpose"),
    (log(timeline={"a": 1}), "no list", "timeline"),
    (log(event("2019-01-02", "appeal_lodged", against={"a": 1})), "mapping", "timeline.0.against"),
    (log(event("2019-01-02", "appeal_lodged", against=["detention"])), "a list", "timeline.0.against"),
    (log(event("2019-01-02", "detention_ordered", months=-6)), "-6", "timeline.0.months"),
    (log(event("2019-01-02", "detention_ordered", days=1.5)), "1.5", "timeline.0.days"),
    (log(event("2019-01-02", "released", id=None)), "`null` is no id", "timeline.0.id"),
    (log(event("2019-01-02", "released", concerns=None)), "`null` is no id", "timeline.0.concerns"),
    (log(event("2019-01-02", "released", persons="p1")), "no list", "timeline.0.persons"),
]


@pytest.mark.parametrize(("content", "named", "key"), BAD)
def test_bad_input_says_what_where_why_and_what_next(bundle, content, named, key):
    with pytest.raises(CaseFileError) as fault:
        read_case(content, bundle, where="a.yaml")

    said = fault.value
    assert named in f"{said.what} {said.why}"
    assert said.where == (f"a.yaml, key `{key}`" if key else "a.yaml")
    assert said.why
    assert said.next


CODES = [
    (log(event("2019-01-02", "appeal_lodged", against="detenton")), "timeline.0.against", "`detention`"),
    (log(event("2019-01-02", "appeal_lodged", against="bananas")), "timeline.0.against", "asylum_decision, detention"),
    (log(persons=[{"ref": "p1", "vulnerable": ["pregnent"]}]), "persons.0.vulnerable", "`pregnant`"),
    (log(persons=[{"ref": "p1", "vulnerable": "bananas"}]), "persons.0.vulnerable", "depression"),
    (log(persons=[{"ref": "p1", "age_group": "chld"}]), "persons.0.age_group", "`child`"),
    (log(context={"eurodac_category": "irregular crosing"}), "context.eurodac_category", "`irregular crossing`"),
]


@pytest.mark.parametrize(("content", "key", "cure"), CODES)
def test_a_code_that_is_not_listed_is_kept_and_said(bundle, content, key, cure):
    (notice,) = read_case(content, bundle, where="a.yaml").notices

    assert notice.startswith(f"a.yaml, key `{key}`: ")
    assert "becomes a question" in notice
    assert cure in notice


def test_a_code_that_is_not_listed_is_said_once(bundle):
    content = log(*(event(f"2019-01-0{n}", "appeal_lodged", against="bananas") for n in (2, 3, 4)))
    file = read_case(content, bundle, where="a.yaml")

    assert len(file.notices) == 1
    assert [e.fields["against"] for e in file.histories[0].events] == ["bananas"] * 3


def test_a_destination_is_any_state(bundle):
    file = read_case(log(event("2019-01-02", "removal_directions_set", destination="Serbia")), bundle, where="a")

    assert not file.notices


def test_words_for_what_is_not_known_are_no_values(bundle):
    person = {"ref": "p1", "vulnerable": "unknown", "age_years": "unknown", "count": "unknown", "minor": None}
    made = read_case(log(persons=[person]), bundle, where="a").histories[0].person

    assert (made.vulnerable, made.vulnerabilities, made.age, made.minor) == (None, None, None, None)


def test_who_is_vulnerable_without_saying_how_may_be_so_in_any_way(bundle):
    some, none = (
        read_case(log(persons=[{"ref": "p1", "vulnerable": value}]), bundle, where="a").histories[0].person
        for value in (True, False)
    )

    assert (some.vulnerable, some.vulnerabilities) == (True, None)
    assert (none.vulnerable, none.vulnerabilities) == (False, frozenset())


@pytest.mark.parametrize(("day", "until"), [("2019-02-02", "2019-02-01"), ("2019-02", "2019-01")])
def test_until_before_the_day_of_its_entry_is_kept_and_said(bundle, day, until):
    """An order for days that are over is a fact of the file, and no fact is refused."""
    file = read_case(log(event(day, "detention_extended", until=until)), bundle, where="a.yaml")
    (notice,) = file.notices

    assert notice.startswith("a.yaml, key `timeline.0.until`: ")
    assert f"`until: {until}` lies before the day of its entry, {day}" in notice
    assert file.histories[0].events[0].fields["until"] < file.histories[0].events[0].first


def test_until_in_the_month_of_its_entry_may_lie_after_it(bundle):
    assert not read_case(log(event("2019-02-10", "detention_extended", until="2019-02")), bundle, where="a").notices


def test_the_published_judgments_are_read_without_a_word(bundle):
    for path in sorted((ROOT / "law" / "examples" / "judgments").glob("*.yaml")):
        assert not [one for one in read_case_file(path, bundle).notices if "code" in one]


def test_a_fault_in_a_file_names_its_line(bundle, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(
        "id: a\nstate: Bulgaria\npersons: [{ref: p1}]\ntimeline:\n- {date: '2019-01-02', what: released}\n"
        "- date: '2019-01-03'\n  what: relesed\n"
    )

    with pytest.raises(CaseFileError) as fault:
        read_case_file(path, bundle)

    assert fault.value.where == f"{path}:7, key `timeline.1.what`"


@pytest.mark.parametrize(
    ("content", "near"),
    [(log(persns=[]), "`persons`"), (log(persons=[{"ref": "p1", "vulnerble": []}]), "`vulnerable`")],
)
def test_a_misspelt_key_is_answered_with_the_near_one(bundle, content, near):
    with pytest.raises(CaseFileError) as fault:
        read_case(content, bundle, where="a.yaml")

    assert near in fault.value.next


def test_a_misspelt_name_is_answered_with_the_near_one(bundle):
    with pytest.raises(CaseFileError) as fault:
        read_case(log(event("2019-01-02", "detention_startd")), bundle, where="a.yaml")

    assert "`detention_started`" in fault.value.next


def test_a_file_that_is_not_yaml_names_its_line(bundle, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("id: a\nstate: [Bulgaria\npersons: x\n")

    with pytest.raises(CaseFileError) as fault:
        read_case_file(path, bundle)

    assert ":3" in fault.value.where or ":2" in fault.value.where


def test_a_key_that_stands_twice_is_refused(bundle, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("id: a\nstate: Bulgaria\npersons: [{ref: p1}]\nstate: Croatia\n")

    with pytest.raises(CaseFileError, match="`state` stands twice") as fault:
        read_case_file(path, bundle)

    assert fault.value.where == f"{path}:4"


def test_a_missing_file_is_said(bundle, tmp_path):
    with pytest.raises(CaseFileError) as fault:
        read_case_file(tmp_path / "none.yaml", bundle)

    assert "cannot be read" in fault.value.what


def test_entries_out_of_order_are_sorted_and_said(bundle):
    file = read_case(log(event("2019-02-02", "released"), event("2019-01-02", "detention_started")), bundle, where="a")

    assert [e.kind for e in file.histories[0].events] == ["detention_started", "released"]
    assert [e.id for e in file.histories[0].events] == ["e2", "e1"]
    assert "sorted" in file.notices[0]


def test_identical_entries_are_kept_once_and_said(bundle):
    same = event("2019-01-02", "personal_interview_held")
    file = read_case(log(same, dict(same)), bundle, where="a")

    assert len(file.histories[0].events) == 1
    assert "kept once" in file.notices[0]


def test_an_imprecise_date_is_an_interval_of_days(bundle):
    file = read_case(
        log(event("2019-02", "released", precision="month"), event("2018", "apprehended")), bundle, where="a"
    )
    year, month = file.histories[0].events

    assert (month.last - month.first, year.last - year.first) == (27, 364)


def test_an_entry_without_persons_is_one_entry_in_each_log(bundle):
    persons = [{"ref": "p1"}, {"ref": "p2"}]
    file = read_case(log(event("2019-01-02", "incident"), persons=persons), bundle, where="a")

    assert [h.events[0].id for h in file.histories] == ["e1", "e1"]


def test_relations_have_two_ends_and_a_common_act_relates(bundle):
    persons = [{"ref": "p1", "minor": False}, {"ref": "c1", "minor": True, "relations": [{"to": "p1", "as": "child"}]}]
    file = read_case(log(event("2019-01-02", "detention_started"), persons=persons), bundle, where="a")
    adult, child = (sorted((r.kind, r.to) for r in h.relations) for h in file.histories)

    assert adult == [("child", "c1"), ("held_with", "c1")]
    assert child == [("held_with", "p1"), ("parent", "p1")]


def test_json_is_yaml(bundle, tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"id": "a", "state": "Bulgaria", "as_of": "2019-01-01", "persons": [{"ref": "p1"}]}')

    assert read_case_file(path, bundle).id == "a"


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 3000)
    | st.text(max_size=8)
    | st.sampled_from(["2019-01-02", "p1", "released"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "as_of", "state", "persons", "context", "timeline", "date", "what", "ref"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(plain)
def test_any_content_is_read_or_refused(bundle, content):
    try:
        read_case(content, bundle, where="fuzz")
    except CaseFileError:
        return


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(bundle, tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "a.yaml"
    path.write_bytes(content)
    try:
        read_case_file(path, bundle)
    except CaseFileError:
        return


def test_what_yaml_writes_is_read_again_the_same(bundle):
    content = log(event("2019-01-02", "detention_started", ground="removal"), context={"interpreter": False})
    again = yaml.safe_load(yaml.safe_dump(content))

    assert read_case(again, bundle, where="a").histories == read_case(content, bundle, where="a").histories


def test_an_entry_may_concern_one_that_repeats_another(bundle):
    ordered = event("2019-01-10", "detention_ordered", ground="removal")
    file = read_case(
        log(ordered, dict(ordered), event("2019-02-10", "detention_extended", months=3, concerns="e2")),
        bundle,
        where="log",
    )

    assert [e.fields.get("concerns") for e in file.histories[0].events] == [None, "e1"]


def test_an_entry_has_the_partner_of_the_one_that_it_concerns(bundle):
    file = read_case(
        log(
            event("2025-02-03", "readmission_application_sent", id="a1", partner="Austria"),
            event("2025-02-03", "readmission_application_sent", id="a2", partner="Switzerland"),
            event("2025-03-03", "transferred", id="x", concerns="a1"),
            event("2025-03-10", "readmission_in_error_found", concerns="x"),
            event("2025-03-12", "invoice_received", concerns="a1", partner="Germany"),
            event("2025-03-13", "invoice_paid"),
        ),
        bundle,
        where="log",
    )

    partners = [e.fields.get("partner") for e in file.histories[0].events]
    assert partners == ["Austria", "Switzerland", "Austria", "Austria", "Germany", None]
