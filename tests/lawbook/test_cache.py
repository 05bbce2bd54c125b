"""The cache of the law: never another law than the one on disk, and no more of it opened than is asked for."""

import os
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest
from conftest import ROOT

from staza.lawbook import cache
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.cache import KeptBundle, cache_folder, load_bundle
from staza.lawbook.check import checked_law
from staza.lawbook.files import digest, law_files

LIMIT = "procedures/custody/return_detention.yaml"


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "law"
    shutil.copytree(ROOT / "law", folder, ignore=shutil.ignore_patterns("examples", "schema"))
    monkeypatch.setenv("STAZA_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.fixture(scope="module")
def read() -> Bundle:
    """The law as it is read without a cache."""
    return checked_law(ROOT / "law", digest(ROOT / "law", "test"))[0]


@pytest.fixture
def kept(law: Path) -> KeptBundle:
    load_bundle(law)
    made = load_bundle(law)
    assert isinstance(made, KeptBundle)
    return made


def longest(bundle: Bundle) -> list[object]:
    return law_of(bundle, "Bulgaria").rule("returns.detention.maximum").limits[0].period


def test_a_change_of_one_character_that_size_and_times_do_not_show_is_seen(law: Path) -> None:
    path = law / LIMIT
    assert longest(load_bundle(law)) == ["period", 18, "months"]
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"ceiling: 18 months", b"ceiling: 17 months"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()

    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert longest(load_bundle(law)) == ["period", 17, "months"]


def test_the_law_before_a_change_comes_back_with_its_files(law: Path) -> None:
    path = law / LIMIT
    text = path.read_bytes()
    for months in (18, 17, 18, 17):
        path.write_bytes(text.replace(b"ceiling: 18 months", b"ceiling: %d months" % months))
        assert longest(load_bundle(law)) == ["period", months, "months"]
    assert len(list(cache_folder().glob("law-*.pickle"))) == 2


@pytest.mark.parametrize("change", ["moved", "added", "removed"])
def test_files_that_come_go_or_move_are_seen(law: Path, change: str) -> None:
    before = digest(law, "test")
    path = law / "calendars" / "ba.yaml"
    if change == "moved":
        path.rename(path.with_name("bb.yaml"))
    elif change == "added":
        (law / "calendars" / "deep").mkdir()
        (law / "calendars" / "deep" / "x.yaml").write_text("")
    else:
        path.unlink()

    assert digest(law, "test") != before
    assert list(law_files(law)) == sorted(path for path in law.rglob("*.yaml"))


def test_what_is_kept_is_what_was_read(kept: KeptBundle, read: Bundle) -> None:
    for state in [*read.states, "Nowhere"]:
        for by_authority in (False, True):
            one, other = (law_of(b, state, kept_by_authority=by_authority) for b in (kept, read))
            assert replace(one, digest="") == replace(other, digest="")
    for one in fields(Bundle):
        if one.name not in ("digest", "laws"):
            assert getattr(kept, one.name) == getattr(read, one.name), one.name


def test_the_rules_that_bind_other_states_stay_closed(kept: KeptBundle) -> None:
    law_of(kept, "Bulgaria")

    assert list(kept._opened) == [None]
    assert "rules" not in vars(kept)
    assert len(kept.rules) > len(law_of(kept, "Bulgaria").rules)
    assert len(law_of(kept, "Bosnia and Herzegovina").rules) > len(law_of(kept, "Bulgaria").rules)


def test_a_kept_law_can_be_changed_as_any_other(kept: KeptBundle) -> None:
    law_of(kept, "Bulgaria")
    other = replace(kept, rules=[replace(rule, title="x") for rule in kept.rules])

    assert {rule.title for rule in law_of(other, "Bulgaria").rules} == {"x"}
    assert "x" not in {rule.title for rule in law_of(kept, "Bulgaria").rules}


@pytest.mark.parametrize("place", [0, 40, 5000, -1])
def test_a_file_that_is_not_whole_is_read_anew(law: Path, monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    load_bundle(law)
    path = next(cache_folder().glob("law-*.pickle"))
    whole = bytearray(path.read_bytes())
    whole[place] ^= 1
    path.write_bytes(whole)

    assert cache._kept(path) is None
    path.write_bytes(whole[: len(whole) // 2])
    assert cache._kept(path) is None
    assert longest(load_bundle(law)) == ["period", 18, "months"]
    assert cache._kept(path) is not None


def test_what_others_may_write_is_not_read(law: Path) -> None:
    load_bundle(law)
    path = next(cache_folder().glob("law-*.pickle"))
    path.chmod(0o666)

    assert cache._kept(path) is None


def test_eight_are_kept_those_written_last(tmp_path: Path) -> None:
    for number in range(12):
        path = tmp_path / f"law-{number:02}.pickle"
        path.write_bytes(b"")
        os.utime(path, (1000 + number, 1000 + number))
        cache._drop_old(path, tmp_path.glob("law-*.pickle"))

    assert sorted(path.name for path in tmp_path.iterdir()) == [f"law-{n:02}.pickle" for n in range(4, 12)]
