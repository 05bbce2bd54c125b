"""Logs in the words of the authorities of Bosnia and Herzegovina: kinds, fields, instants, silence, who is bound."""

import pytest
from conftest import ROOT, event, log, ordinal

from staza.engine.binding import binds_on
from staza.engine.types import Law
from staza.lawbook.bundle import law_of
from staza.lawbook.casefile import read_case, read_case_file
from staza.lawbook.check import checked_law
from staza.lawbook.errors import CaseFileError

BA = "Bosnia and Herzegovina"


def words(text: str) -> list[str]:
    return text.split()


KINDS = words("""
intention_stated attestation_issued attestation_expired_unused address_registered private_address_found
private_address_reported left_address_without_notice appointment_given application_lodged asylum_seeker_card_issued
card_renewal_requested card_lost card_loss_reported interpreter_provided legal_aid_provided interview_held
asylum_decision_issued asylum_decision_notified court_action_lodged court_decided asylum_decision_final
application_withdrawn subsequent_application_lodged work_started
identified_as_unaccompanied_child guardian_appointed best_interests_assessed reception_in_destination_verified
need_recorded family_member_linked
held_for_identification identification_ended travel_document_taken travel_document_returned
residence_ended residence_cessation_decided residence_cessation_notified expulsion_decided expulsion_notified
voluntary_period_set voluntary_period_extended appeal_lodged appeal_decided expulsion_final left_voluntarily
entry_ban_imposed entry_ban_lifted destination_assessed destination_changed interim_measure_indicated
interim_measure_ended toleration_granted asked_for_protection
milder_measure_ordered supervision_ordered supervision_started supervision_extended supervision_reviewed
supervision_appeal_lodged supervision_appeal_decided released
irregular_situation_known readmission_application_sent readmission_application_received reply_extension_requested
interview_requested consular_interview_held readmission_accepted readmission_refused travel_document_requested
travel_document_issued travel_document_renewed transfer_announced transfer_postponed transferred
readmission_in_error_found taken_back transit_application_sent transit_application_received transit_answered
invoice_sent invoice_received invoice_paid
fitness_certified found_unfit_to_travel removal_scheduled removal_authorised monitor_notified boarding_authorised
removal_carried_out removal_stopped force_used force_reviewed complaint_made
""")
COMPLETE = words("""
identification_ended released asylum_decision_issued court_decided residence_cessation_decided expulsion_decided
voluntary_period_set voluntary_period_extended appeal_decided entry_ban_imposed entry_ban_lifted toleration_granted
milder_measure_ordered supervision_ordered supervision_extended supervision_appeal_decided
readmission_application_sent readmission_accepted readmission_refused travel_document_requested
transit_answered transit_application_sent
transfer_announced transfer_postponed transferred taken_back
removal_scheduled removal_authorised boarding_authorised removal_carried_out removal_stopped
""")
FIELDS = [
    ("by", "authority"), ("to", "Sarajevo"), ("ground", "late_papers"), ("ground", "implicit"),
    ("result", "subsidiary"), ("result", "no_risk"), ("days", 90), ("working_days", 3), ("months", 6), ("years", 2),
    ("until", "2026-06-01"), ("received_on", "2026-03-02"), ("planned_for", "2026-03-20"), ("fault", "person"),
    ("partner", "EU"), ("partner", "Benelux"), ("partner", "Switzerland"), ("partner", "Norway"),
    ("nationality_basis", "former_sfry"), ("evidence", "prima_facie"), ("escorted", True), ("reasons_given", False),
    ("proof_of_receipt", True), ("destination", "Serbia"),
]  # fmt: skip
REFUSED = [
    ("years", 101),
    ("days", -1),
    ("escorted", "yes"),
    ("planned_for", "soon"),
    ("to", ["x"]),
]
ACTS = words("""
schedule_removal authorise_removal authorise_boarding request_travel_document send_readmission_application
announce_transfer extend_supervision impose_entry_ban close_asylum_file
""")


def told(*events, **keys):
    return log(*events, state=BA, as_of="2026-10-10", **keys)


def read(bundle, *events):
    return read_case(told(*events), bundle, where="a.yaml")


@pytest.fixture(scope="module")
def kept(bundle) -> Law:
    return law_of(bundle, BA, kept_by_authority=True)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_read(bundle, name):
    file = read(bundle, event("2026-03-02", name))

    assert file.histories[0].events[0].kind == bundle.kind_names[name]
    assert not file.notices


@pytest.mark.parametrize("name", KINDS)
def test_silence_is_what_the_authority_means(bundle, kept, name):
    assert kept.kinds[bundle.kind_names[name]].absence == ("no" if name in COMPLETE else "unknown")


@pytest.mark.parametrize("name", KINDS)
def test_silence_of_a_log_in_no_national_word_is_as_before(bundle, name):
    kind = bundle.kind_names[name]

    assert law_of(bundle, BA).kinds[kind] is bundle.kinds[kind]
    assert law_of(bundle, "Austria", kept_by_authority=True).kinds[kind].absence == bundle.kinds[kind].absence


def test_a_log_is_kept_by_an_authority_once_it_uses_a_national_word(bundle):
    assert not read(bundle, event("2026-03-02", "appeal_lodged")).kept_by_authority
    assert read(bundle, event("2026-03-02", "expulsion_decided")).kept_by_authority
    assert read(bundle, event("2026-03-02", "card_lost")).kept_by_authority


@pytest.mark.parametrize(("name", "value"), FIELDS)
def test_every_field_is_read_on_any_entry(bundle, name, value):
    file = read(bundle, event("2026-03-02", "transfer_announced", **{name: value}))

    assert name in file.histories[0].events[0].fields
    assert not file.notices


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_value_of_the_wrong_form_is_refused(bundle, name, value):
    with pytest.raises(CaseFileError) as fault:
        read(bundle, event("2026-03-02", "transfer_announced", **{name: value}))

    assert fault.value.where == f"a.yaml, key `timeline.0.{name}`"


def test_an_unlisted_value_is_kept_and_said(bundle):
    file = read(bundle, event("2026-03-02", "fitness_certified", result="dizzy"))

    assert file.histories[0].events[0].fields["result"] == "dizzy"
    assert "`dizzy` is not among the codes" in file.notices[0]


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        (event("2026-03-02", "supervision_orderd"), "supervision_ordered"),
        (event("2026-03-02", "supervision_ordered", colour="red"), "colour"),
    ],
)
def test_an_unlisted_kind_or_field_is_an_error_that_names_what_was_written(bundle, entry, named):
    with pytest.raises(CaseFileError) as fault:
        read(bundle, entry)

    assert named in f"{fault.value.what} {fault.value.next}"


def test_two_names_of_one_kind_are_two_entries(bundle):
    file = read(bundle, event("2026-03-02", "intention_stated"), event("2026-03-02", "asked_for_protection"))

    assert len(file.histories[0].events) == 2
    assert file.written == {"e1": "intention_stated", "e2": "asked_for_protection"}


@pytest.mark.parametrize(
    ("at", "day", "minute"),
    [
        ("2026-01-15T10:00:00+01:00", "2026-01-15", 600),
        ("2026-07-15T10:00:00+02:00", "2026-07-15", 600),
        ("2026-01-15T23:30:00Z", "2026-01-16", 30),
        ("2026-07-15T22:30:00Z", "2026-07-16", 30),
        ("2026-01-15T22:30:00Z", "2026-01-15", 23 * 60 + 30),
        ("2026-07-15 06:05+05:00", "2026-07-15", 185),
        ("2026-03-29T02:30:00+01:00", "2026-03-29", 210),
    ],
)
def test_an_instant_is_read_on_the_clocks_of_the_state(bundle, at, day, minute):
    made = read(bundle, {"at": at, "what": "held_for_identification"}).histories[0].events[0]

    assert (made.days, made.minute) == ((ordinal(day), ordinal(day)), minute)


def test_an_instant_that_yaml_has_read_is_the_same(bundle, tmp_path):
    path = tmp_path / "a.yaml"
    head = f"state: {BA}\npersons: [{{ref: p1}}]\ntimeline:\n"
    path.write_text(head + "- {at: 2026-07-15T22:30:00Z, what: held_for_identification}\n")
    made = read_case_file(path, bundle).histories[0].events[0]

    assert (made.first, made.minute) == (ordinal("2026-07-16"), 30)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"at": "2026-01-15T10:00:00"}, "offset"),
        ({"at": "2026-01-15"}, "offset"),
        ({"at": "2026-02-30T10:00:00Z"}, "2026-02-30"),
        ({"at": "2026-01-15T23:30:00Z", "date": "2026-01-15"}, "2026-01-16, 00:30"),
        ({"at": "2026-01-15T10:00:00+01:00", "time": "11:00"}, "10:00"),
    ],
)
def test_an_instant_without_offset_or_against_its_day_is_refused(bundle, fields, named):
    with pytest.raises(CaseFileError) as fault:
        read(bundle, {**fields, "what": "released"})

    assert fault.value.where == "a.yaml, key `timeline.0.at`"
    assert named in f"{fault.value.what} {fault.value.why}"


def test_every_kind_says_who_records_it_under_which_class_and_article():
    _, sources = checked_law(ROOT / "law", "kinds")
    kinds = {name: entry for entry in sources.kinds.values() for name in (entry.kind, *entry.also)}

    for name in KINDS:
        entry = kinds[name]
        assert entry.label and entry.gist and entry.klass and entry.recorded_by, name
        assert entry.cites, name


@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_declared_with_what_does_it(bundle, act):
    made = bundle.acts[act]

    assert made.label
    assert made.done_by
    assert made.irreversible == (act not in ("extend_supervision", "impose_entry_ban"))


def test_national_law_and_agreements_bind_here_and_nobody_else(bundle):
    days = {"ba.aliens": "2015-11-25", "ba.asylum": "2016-02-27", "ba-ch": "2009-07-01", "ba-eu.p-at": "2012-02-20"}
    here, there = law_of(bundle, BA), law_of(bundle, "Bulgaria")
    for act, first in days.items():
        day = ordinal(first)
        assert [binds_on(here, {}, act, (n, n)) for n in (day - 1, day)] == [False, True], act
        assert binds_on(there, {}, act, (day, day)) is False


def test_no_act_of_the_union_binds_here_because_national_law_does(bundle):
    day = ordinal("2026-10-10")
    law = law_of(bundle, BA)
    bound = {act for act in law.instruments if binds_on(law, {}, act, (day, day)) is not False}

    assert {"ba.aliens", "ba.asylum", "ba-eu"} <= bound
    assert not {act for act in bound if act.startswith("eu.")}
    assert "charter" not in bound


def test_an_agreement_says_towards_whom(bundle):
    agreements = [one for one in bundle.instruments.values() if one.id.startswith("ba-")]

    assert {one.id for one in agreements if not one.towards} == {"ba-pk"}


def test_national_rules_say_nothing_in_the_log_of_another_state(bundle):
    """A rule of one State may rest first on the Convention, which binds the other as well."""
    national = {rule.id for rule in bundle.rules if rule.id.startswith("ba.")}
    acts = {bundle.instruments[rule.cites[0].split("/")[0]].closed for rule in bundle.rules if rule.id in national}

    assert acts == {True, False}
    assert national <= law_of(bundle, "Bosnia and Herzegovina").by_id.keys()
    for state in ("Serbia", "United Kingdom", "Germany"):
        assert not national & law_of(bundle, state).by_id.keys()
