"""Runs what `law/examples` expects of the law, worked cases and stories, on every core."""

import gc
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from staza.lawbook.bundle import Bundle
from staza.lawbook.examples import Outcome, Row, rows, run
from staza.lawbook.files import EXAMPLES
from staza.lawbook.stories import Difference, Story, differences_at, stories

MANY = 50  # pieces of work from which a second process is worth its start

Work: TypeAlias = Row | tuple[Story, int]  # a row of a worked case, or a day of a story
Done: TypeAlias = Outcome | list[Difference]


@dataclass(frozen=True)
class Ran:
    """What the examples gave: an outcome a row, and the stories with what the law does not meet."""

    outcomes: list[Outcome]
    stories: list[Story]
    differences: list[Difference]

    @property
    def days(self) -> int:
        """Count the days at which stories were asked."""
        return sum(len(story.told.at) for story in self.stories)

    @property
    def expectations(self) -> int:
        """Count what stories expect."""
        return sum(1 for story in self.stories for moment in story.told.at for _ in moment.rests())


def run_examples(bundle: Bundle, folder: Path, law: Path | None = None) -> Ran:
    """Run every worked case and every day of every story, in the order of the files; raises `LawError`.

    `folder` is that of the law, or that of an overlay, which lies on `law`.
    """
    told = list(stories(folder, law))
    days = [(story, number) for story in told for number in range(len(story.told.at))]
    work: list[Work] = [*days, *rows(folder / EXAMPLES)]
    done = _on_every_core(bundle, work)
    differences = [one for found in done if isinstance(found, list) for one in found]
    return Ran([one for one in done if isinstance(one, Outcome)], told, differences)


def _on_every_core(bundle: Bundle, work: list[Work]) -> list[Done]:
    """Do the work in its order, where a process can be forked in several: these inherit law and work uncopied."""
    cores = os.cpu_count() or 1
    if sys.platform != "linux" or cores < 2 or len(work) < MANY:
        return [_do(one, bundle) for one in work]
    _inherited[:] = [(bundle, work)]
    gc.freeze()  # what is there now is not looked through, and so not copied, in the forked processes
    try:
        with ProcessPoolExecutor(cores, get_context("fork")) as pool:
            found = list(pool.map(_do_inherited, range(len(work)), chunksize=len(work) // (8 * cores) + 1))
    finally:
        _inherited.clear()
        gc.unfreeze()
    return [_whole(one, work[number]) for number, one in enumerate(found)]


_inherited: list[tuple[Bundle, list[Work]]] = []
_Sent: TypeAlias = tuple[set[str], set[str], list[str]] | list[Difference]  # an outcome without its row


def _do_inherited(number: int) -> _Sent:
    bundle, work = _inherited[0]
    done = _do(work[number], bundle)
    return (done.fired, done.silent, done.faults) if isinstance(done, Outcome) else done


def _whole(sent: _Sent, work: Work) -> Done:
    return Outcome(work, *sent) if isinstance(sent, tuple) and isinstance(work, Row) else list(sent)  # type: ignore[arg-type]


def _do(work: Work, bundle: Bundle) -> Done:
    return run(work, bundle) if isinstance(work, Row) else differences_at(*work, bundle)
