"""The commands: one answer a file, clear messages, the exit codes of the contract."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, event, log

from staza.cli import main

STAZA = Path(sys.executable).with_name("staza")
HELD = log(event("2017-01-01", "detention_started", ground="removal"), as_of="2019-01-01")


@pytest.fixture
def written(tmp_path):
    def write(content, name="a.yaml"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
        return str(path)

    return write


def test_judge_prints_one_array_also_for_one_file(written, capsys):
    status = main(["judge", written(HELD), "--json"])
    answer = json.loads(capsys.readouterr().out)

    assert status == 0
    assert [one["id"] for one in answer] == ["log"]
    finding = next(f for f in answer[0]["findings"] if "eu.2008-115/15(6)" in f["cites"] and f["verdict"] == "breach")
    assert finding["limit_on"] == "2018-07-01"
    assert finding["cites_in_words"][0] == "Directive 2008/115 art. 15(6)"
    assert set(finding) >= {"verdict", "rule", "cites", "person", "limit_on", "actual_on", "message", "facts", "ref"}


def test_judge_prints_only_the_three_verdicts(written, capsys):
    main(["judge", written({**HELD, "state": "Serbia"}), "--json"])
    verdicts = {f["verdict"] for f in json.loads(capsys.readouterr().out)[0]["findings"]}

    assert verdicts <= {"breach", "concern", "question"}


def test_evaluate_shows_the_yardstick_where_no_act_binds(written, capsys):
    main(["evaluate", written({**HELD, "state": "Serbia"}), "--json"])
    answer = json.loads(capsys.readouterr().out)[0]

    assert "alignment" in {f["verdict"] for f in answer["findings"]}
    assert not [f for f in answer["findings"] if f["verdict"] == "breach" and f["cites"][0].startswith("eu.")]


def test_evaluate_has_the_keys_of_its_contract(written, capsys):
    assert main(["evaluate", written(HELD), "--as-of", "2018-01-01", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)[0]

    assert answer["as_of"] == "2018-01-01"
    assert set(answer) >= {
        "instances", "clocks", "allowed", "blocked", "duties", "findings", "unbound", "next_change_on",
    }  # fmt: skip
    assert {"ref", "person", "parent", "ordinal", "opened", "closed", "stage", "governing"} <= set(
        answer["instances"][0]
    )
    clock = next(c for c in answer["clocks"] if c["rule"] == "returns.detention.maximum")
    assert (clock["status"], clock["due"]) == (["running"], ["2018-07-01", "2018-07-01"])
    assert clock["cites_in_words"][0] == "Directive 2008/115 art. 15(6)"
    assert answer["duties"]
    assert all(len(one["cites_in_words"]) == len(one["cites"]) for one in answer["clocks"] + answer["duties"])
    assert all(isinstance(act, str) for act in answer["allowed"])


ASKED = {
    "date": "2026-03-02", "what": "readmission_application_received", "id": "a1", "partner": "Austria",
    "nationality_basis": "own_national", "evidence": "proof", "proof_of_receipt": True,
}  # fmt: skip
AUSTRIA = log(ASKED, as_of="2026-03-04", state="Bosnia and Herzegovina")
CHILD = log(
    event("2026-05-11", "identified_as_unaccompanied_child"),
    as_of="2026-05-12",
    state="Bosnia and Herzegovina",
    persons=[{"ref": "p1", "age_years": 15, "unaccompanied": True}],
)


def test_evaluate_names_the_body_beside_the_owner(written, capsys):
    paths = [written(one, name) for one, name in ((AUSTRIA, "a.yaml"), (CHILD, "b.yaml"), (HELD, "c.yaml"))]
    main(["evaluate", *paths, "--json"])
    austria, child, held = json.loads(capsys.readouterr().out)
    reply = next(one for one in austria["clocks"] if one["rule"].startswith("readmission.reply"))
    guardian = next(one for one in child["duties"] if one["rule"] == "ba.child.guardian")

    assert (reply["owner"], guardian["owner"]) == ("authority", "authority")
    assert reply["bodies"] == [
        {
            "body": "immigration_sector",
            "cites": ["ba-eu.p-at/1(1)"],
            "rule": "ba.competence.readmission_of_nationals_austria",
            "checked": "verified-text",
        }
    ]
    assert [one["body"] for one in guardian["bodies"]] == ["social_welfare"]
    assert not [one for one in held["clocks"] + held["duties"] if one["bodies"]]


def test_what_blocks_an_act_says_who_can_supply_the_missing_fact(written, capsys):
    path = written({**HELD, "context": {"risk_on_return_alleged": True}})
    main(["evaluate", path, "--json"])
    blocked = next(b for b in json.loads(capsys.readouterr().out)[0]["blocked"] if b["act"] == "removal")

    assert blocked["missing"]
    assert all(set(one) == {"rule", "name", "asks", "owner"} for one in blocked["missing"])
    assert {one["rule"] for one in blocked["missing"]} <= set(blocked["rules"])
    for one in blocked["missing"]:
        reason = blocked["reasons"][blocked["rules"].index(one["rule"])]
        assert f"{one['asks']} (who can supply it: {one['owner'].replace('_', ' ')})" in reason

    main(["explain", path])
    assert "who can supply it: " in capsys.readouterr().out.split("NOT ALLOWED NOW", 1)[1]


def test_a_code_that_is_not_listed_is_said_on_stderr_and_answered(written, capsys):
    content = {**HELD, "timeline": [*HELD["timeline"], event("2018-01-01", "appeal_lodged", against="detenton")]}
    assert main(["judge", written(content), "--json"]) == 0
    printed = capsys.readouterr()

    assert json.loads(printed.out)[0]["findings"]
    assert printed.err.count("`detenton` is not among the codes of `against`") == 1
    assert "Did you mean `detention`?" in printed.err


def test_entries_after_the_day_are_ignored(written, capsys):
    later = log(*HELD["timeline"], event("2018-02-01", "released"))
    main(["evaluate", written(HELD), written(later, "b.yaml"), "--as-of", "2018-01-01", "--json"])
    first, second = json.loads(capsys.readouterr().out)

    assert first["findings"] == second["findings"]


def test_without_a_day_it_is_bad_input(written, capsys):
    content = {key: value for key, value in HELD.items() if key != "as_of"}

    assert main(["evaluate", written(content), "--json"]) == 2
    assert "as_of" in capsys.readouterr().err


def test_one_bad_file_is_answered_and_the_others_too(written, capsys):
    bad = written("id: [", "bad.yaml")
    status = main(["judge", bad, written(HELD), "--json"])
    printed = capsys.readouterr()
    first, second = json.loads(printed.out)

    assert status == 2
    assert first["id"] == "bad"
    assert set(first["error"]) == {"what", "where", "why", "next"}
    assert first["findings"] == []
    assert second["findings"]
    assert "not YAML" in printed.err


def test_entries_out_of_order_are_said_on_stderr(written, capsys):
    content = log(event("2019-02-02", "released"), event("2019-01-02", "detention_started"))
    main(["judge", written(content), "--json"])

    assert "sorted" in capsys.readouterr().err


def test_a_wrong_day_is_said(written, capsys):
    assert main(["judge", written(HELD), "--as-of", "2018-13-01"]) == 2
    assert "2018-13-01" in capsys.readouterr().err


def test_words_for_people(written, capsys):
    assert main(["judge", written(HELD)]) == 0
    said = capsys.readouterr().out

    assert "Directive 2008/115 art. 15(6)" in said
    assert "Last lawful day: 2018-07-01" in said


def test_explain_says_dates_reasons_blocks_questions_and_why_not(written, capsys):
    assert main(["explain", written(HELD)]) == 0
    said = capsys.readouterr().out

    for part in ("PROCEDURES", "TIME LIMITS", "ALLOWED", "BREACH", "QUESTION", "WHY NOT", "who can answer"):
        assert part in said
    assert "Sunday 1 July 2018" in said
    assert "binds Bulgaria: yes" in said


def test_explain_says_who_decides(written, capsys):
    main(["explain", written(AUSTRIA)])
    reply = capsys.readouterr().out
    main(["explain", written({**AUSTRIA, "timeline": [{k: ASKED[k] for k in ("date", "what", "id", "partner")}]})])
    doubtful = capsys.readouterr().out
    main(["explain", written(CHILD)])
    guardian = capsys.readouterr().out
    protocol = "[Austria-BiH implementing protocol art. 1(1)] (read in the text)"

    answers = f"Towards Austria the Sector for Immigration answers for nationals {protocol}"
    assert f"    who decides: {answers}" in reply
    assert f"    who decides, if so: {answers}" in doubtful
    assert "    who decides: Centre for social welfare [Law on Asylum" in guardian


def test_explain_allows_no_more_detention_when_the_ceiling_is_used_up(written, capsys):
    main(["explain", written(HELD), "--as-of", "2017-06-30"])
    before = capsys.readouterr().out
    main(["explain", written(HELD)])
    after = capsys.readouterr().out

    allowed = next(line for line in before.splitlines() if line.startswith("ALLOWED"))
    assert "Detention, Extension of supervision, Extension of detention" in allowed
    for act in ("Detention", "Extension of detention"):
        blocked = next(line for line in after.splitlines() if line.startswith(f"NOT ALLOWED NOW: {act} ["))
        assert "Directive 2008/115 art. 15(6)" in blocked


def test_explain_says_why_one_rule_is_silent(written, capsys):
    assert main(["explain", written(HELD), "--why-not", "returns.detention.maximum"]) == 0
    assert main(["explain", written(HELD), "--why-not", "no.such.rule"]) == 2


def test_law_show_gives_a_rule_with_its_sources(capsys):
    assert main(["law", "show", "returns.detention.maximum"]) == 0
    said = capsys.readouterr().out

    assert "ret-15-6" in said
    assert "Directive 2008/115 art. 15(6)" in said
    assert "verified text" in said
    assert "fires:" in said


def test_law_show_names_a_judgment_by_its_court_and_number(capsys):
    assert main(["law", "show", "returns.decision.remedy"]) == 0
    said = capsys.readouterr().out

    assert "source: case.ECLI:" in said
    assert "- source: Court of Justice, C-" in said


@pytest.mark.parametrize(
    ("words", "what", "near"),
    [
        (["detention.maximum"], "`detention.maximum` is no rule", "returns.detention.maximum"),
        (["nope"], "`nope` is no rule", "staza law show --all"),
        ([], "No rule is named", "staza law show RULE"),
        (["returns.detention.maximum", "--all"], "at once", "staza law show RULE"),
    ],
)
def test_law_show_of_no_rule_says_what_where_why_and_what_next(capsys, words, what, near):
    assert main(["law", "show", *words]) == 2
    first, where, why, cure = capsys.readouterr().err.rstrip().split("\n")

    assert what in first
    assert where == "  where: law show"
    assert why.startswith("  why: ")
    assert cure.startswith("  next: ")
    assert near in cure


TO_SERBIA = log(
    event("2026-04-07", "readmission_application_sent", partner="Serbia"),
    id="asked", state="Bosnia and Herzegovina", as_of="2026-04-20",
)  # fmt: skip


def why_not(capsys, *words) -> list[str]:
    assert main(["explain", *words]) == 0
    said = capsys.readouterr().out.split("WHY NOT")[1].split("\n\n")[0]
    return said.splitlines()[1:]


def test_agreements_with_other_partners_are_counted_and_named_in_one_line(written, capsys):
    path = written(TO_SERBIA)
    brief, whole = why_not(capsys, path), why_not(capsys, path, "--all")
    partner = [line for line in brief if line.startswith("  Agreements of which the log shows no partner: ")]
    others = [line for line in whole if re.search(r": shown\(partner in \[[^]]*\]\): no$", line)]

    assert len(partner) == 1
    assert f": {len(others)} rules: " in partner[0]
    counts = Counter(
        re.search(r"\[([^]]*?)(?: art\. [^]]*| preamble| \(article not read\))\]: shown", one)[1] for one in others
    )
    assert len(counts) > 5
    assert partner[0].split(" rules: ")[1] == "; ".join(f"{name} ({n})" for name, n in sorted(counts.items()))
    assert "Serbia-BiH readmission agreement (" not in partner[0]
    assert not [line for line in brief if line in others]
    assert len(brief) < len(whole) / 2


def test_rules_whose_act_does_not_bind_are_told_together(written, capsys):
    path = written(TO_SERBIA)
    brief, whole = why_not(capsys, path), why_not(capsys, path, "--all")
    alone = [line for line in whole if line.endswith(": binds(eu.2013-604): no")]
    together = next(line for line in brief if line.startswith("  binds(eu.2013-604): no: "))

    assert len(alone) > 1
    named = [line.strip().removesuffix(": binds(eu.2013-604): no") for line in alone]
    assert together == f"  binds(eu.2013-604): no: {len(alone)} rules: {'; '.join(named)}"


def test_no_rule_is_lost_between_the_lines_and_all_of_them(written, capsys):
    path = written(TO_SERBIA)
    brief, whole = why_not(capsys, path), why_not(capsys, path, "--all")
    counted = sum(int(found[1]) if (found := re.search(r": (\d+) rules: ", line)) else 1 for line in brief)

    assert counted == len(whole)


def test_why_not_of_an_unknown_rule_names_near_ones(written, capsys):
    assert main(["explain", written(HELD), "--why-not", "detention.maximum"]) == 2
    assert "Did you mean `returns.detention.maximum`" in capsys.readouterr().err


def test_pages_that_cannot_be_written_are_said(tmp_path, capsys):
    (tmp_path / "file").write_text("")

    assert main(["law", "show", "--all", "--out", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_law_show_all_writes_pages(tmp_path, capsys):
    assert main(["law", "show", "--all", "--out", str(tmp_path)]) == 0
    assert len(list(tmp_path.glob("*.md"))) > 10


@pytest.mark.slow
def test_law_check_counts_the_facts(capsys):
    assert main(["law", "check", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)["facts"]

    assert len(facts) == (52 + 74 + 7 + 22) + (52 + 44 + 56)
    assert set(facts["ret-15-5"]) >= {"state", "rules", "fires", "silent"}
    assert {one["state"] for one in facts.values()} <= {"encoded", "missing", "explained"}


def test_law_with_a_fault_is_said_and_nothing_is_evaluated(tmp_path, written, monkeypatch, capsys):
    folder = tmp_path / "law"
    (folder / "procedures").mkdir(parents=True)
    (folder / "procedures" / "a.yaml").write_text("title: x\ncolour: red\n")
    monkeypatch.setenv("STAZA_LAW", str(folder))
    monkeypatch.setenv("STAZA_CACHE", str(tmp_path / "cache"))

    assert main(["judge", written(HELD), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "procedures/a.yaml:2" in printed.err


def test_a_folder_without_law_is_said_and_nothing_is_evaluated(tmp_path, written, monkeypatch, capsys):
    monkeypatch.setenv("STAZA_LAW", str(tmp_path / "nowhere"))

    for words in (["judge", written(HELD)], ["law", "check"]):
        assert main(words) == 2
        assert "nowhere" in capsys.readouterr().err


def test_an_entry_that_may_belong_to_two_procedures_is_asked_about(written, capsys):
    twice = {
        **HELD,
        "as_of": "2016-08-01",
        "timeline": [
            {"date": "2016-01-10", "what": "asylum_application_made"},
            {"date": "2016-03-10", "what": "asylum_application_made", "number": 2},
            {"date": "2016-05-10", "what": "asylum_decision_negative"},
        ],
    }
    assert main(["judge", written(twice)]) == 0

    said = capsys.readouterr().err
    assert said.count("`e3` may belong to") == 1
    assert "concerns" in said


def test_no_command_and_a_wrong_one_say_what_there_is(capsys):
    assert main([]) == 2
    assert main(["jugde"]) == 2
    assert "no command" in capsys.readouterr().err
    assert main(["--help"]) == 0


def test_a_warm_judge_imports_no_pydantic(written):
    """With a warm cache the models of the law files are not loaded."""
    path = written(HELD)
    code = (
        "import sys; from staza.cli import main; main(['judge', sys.argv[1]]);"
        "print([m for m in ('pydantic', 'django', 'jinja2') if m in sys.modules], file=sys.stderr)"
    )
    environment = {**os.environ, "STAZA_LAW": str(ROOT / "law")}
    runs = [
        subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, env=environment, check=True)
        for _ in range(2)
    ]

    assert runs[1].stderr.strip() == "[]"


def test_the_cache_is_never_required(written, tmp_path):
    """A folder that cannot be written, or a damaged file in it, changes nothing."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    cache = tmp_path / "cache" / "staza"
    cache.mkdir(parents=True)
    outputs = set()
    for place in (blocked, cache.parent, cache.parent):
        environment = {**os.environ, "STAZA_CACHE": str(place)}
        done = subprocess.run(
            [STAZA, "judge", written(HELD), "--json"], capture_output=True, env=environment, check=True
        )
        outputs.add(done.stdout)
        for kept in cache.glob("law-*.pickle"):
            kept.write_bytes(b"damaged")

    assert len(outputs) == 1
