"""One person's log, indexed by kind, with its instances: which entries count, and for which instance.

`Log` knows no conditions; `staza.engine.conditions.Reading` adds them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from staza.engine.answer import Unbound
from staza.engine.dependence import dependence_of
from staza.engine.expressions import Tree
from staza.engine.logic import EARLIEST, Days, Truth, conjunction, not_after, same
from staza.engine.ordered import Ordered, Standing, in_order
from staza.engine.papers import ends_before, ends_of_papers
from staza.engine.spans import Spans
from staza.engine.types import CaseEvent, CaseHistory, Instance, Law, Opening, Value

CUSTODY = "custody.episode"
_ByKind: TypeAlias = dict[str, list[CaseEvent]]
_NONE: list[Instance] = []  # a procedure that is not built yet has no instance
Subject: TypeAlias = CaseEvent | Instance | None
Exports: TypeAlias = Mapping[str, Mapping[str, Truth]]  # person -> export -> value


class Scope(NamedTuple):
    """The day up to which the log is read, and what the condition is about."""

    at: int
    this: Subject = None


class _Source(NamedTuple):
    """Entries of a kind; `sure` is True where each surely meets what is asked, None where each may.

    `held`: the instance holds them, wherever they lie; else only what lies between its ends is its own.
    """

    entries: Ordered
    sure: Truth
    held: bool


class Log(ABC):
    """One person's log up to a day; see the module."""

    def __init__(self, history: CaseHistory, law: Law, as_of: int, relatives: Exports) -> None:
        self.history = history
        self.law = law
        self.depends = dependence_of(law)
        self.as_of = as_of
        self.relatives = relatives
        self.by_kind: dict[str, list[CaseEvent]] = {}
        for event in history.events:
            self.by_kind.setdefault(event.kind, []).append(event)
        self.by_id = {event.id: event for event in history.events}
        self.instances: dict[str, list[Instance]] = {}
        self.clock_status: dict[str, list[tuple[str, tuple[str, ...], Days | None]]] = {}
        self.flags = {name: None if value == "unknown" else value for name, value in history.flags.items()}
        self.horizon = as_of  # where sets of days are cut off
        self.longest = max((event.last - event.first for event in history.events), default=0)
        self.has_receipts = any(event.received is not None for event in history.events)
        self.compute: Callable[[str], object] | None = None  # computes the clocks of a rule, see `clocks_of`
        self._spans: dict[tuple[str, int, int], Spans] = {}
        self._ends: dict[str, dict[str, Days | None]] = {}
        self._ends_before: dict[str, dict[str, Days | None]] = {}
        self._truths: dict[tuple[str, int, str], Truth] = {}
        self._static_truths: dict[tuple[int, str], Truth] = {}
        self._stretches: dict[tuple[str, int], Spans] = {}
        self._parted: dict[str, tuple[_ByKind, _ByKind]] = {}
        self._found: dict[tuple[str, int, str], list[_Source]] = {}
        self._tells: dict[tuple[str, str], tuple[list[CaseEvent], list[CaseEvent]]] = {}
        self._telling_kind: dict[tuple[str, str], Ordered] = {}
        self._loose: dict[tuple[str, int, str], list[_Source]] = {}
        self._held_ids: dict[str, frozenset[str]] = {}
        self._standing: dict[str, Standing] = {}
        self._matches: dict[tuple[int, str], Truth] = {}
        self._numbers: dict[tuple[int, str, int], tuple[int, int]] = {}
        self._some: dict[tuple[str, str, int, int], Truth] = {}
        self._settled_numbers: dict[tuple[str, int], tuple[list[int], list[int], list[int], list[Instance]]] = {}
        self.unbound: list[Unbound] = []

    @abstractmethod
    def truth(self, tree: Tree | None, scope: Scope) -> Truth:
        """Give the value of a condition; no condition is true."""

    def settle(self) -> None:
        """Forget what was read while the instances were being built."""
        self._spans.clear()
        self._held_ids.clear()
        self._standing.clear()
        self._numbers.clear()
        self._some.clear()
        self._settled_numbers.clear()
        self._truths.clear()
        self._stretches.clear()
        self._loose.clear()
        self._found.clear()
        self._parted.clear()
        self._tells.clear()
        self._ends.clear()
        self._ends_before.clear()

    def matches(self, opening: Opening, event: CaseEvent) -> Truth:
        """Say whether an entry is one of the openings' kind and meets its condition on its own day."""
        if event.kind != opening.kind:
            return False
        if opening.where is None:
            return True
        key = (id(opening), event.id)
        if key not in self._matches:
            self._matches[key] = self.truth(opening.where, Scope(event.last, event))
        return self._matches[key]

    def recorded(self, name: str, scope: Scope) -> Value:
        """Give the field of `this`: of an entry its own, of an instance the last one recorded up to the day."""
        this = scope.this
        if isinstance(this, CaseEvent):
            return plain(this.fields.get(name))
        return None if this is None else self._last_recorded(name, this, scope.at)[0]

    def is_disputed(self, name: str, scope: Scope) -> bool:
        """Say whether an entry that may belong to the instance leaves open what it records."""
        this = scope.this
        return isinstance(this, Instance) and bool(this.possible) and self._last_recorded(name, this, scope.at)[1]

    def _last_recorded(self, name: str, this: Instance, at: int) -> tuple[Value, bool]:
        """Give the last value that an instance's entries record, and whether one that may belong to it says else.

        The entry that closed it says how it ended, not what it was: it speaks only where no other does.
        """
        told, loose = self._telling(name, this)
        known = [e for e in told if e.first <= at]
        sure = next((e for e in reversed(known) if e.id != this.closed_by), known[-1] if known else None)
        value = plain(sure.fields[name]) if sure else None
        for event in loose:
            later = sure is None or (event.first, event.order) > (sure.first, sure.order)
            if event.first <= at and later and plain(event.fields[name]) != value:
                return None, True
        return value, False

    def told(self, name: str, this: Subject) -> tuple[list[CaseEvent], list[CaseEvent]]:
        """Give the entries of an instance that record a field, in order, and those that may be its and do."""
        return self._telling(name, this) if isinstance(this, Instance) else ([], [])

    def _telling(self, name: str, this: Instance) -> tuple[list[CaseEvent], list[CaseEvent]]:
        """Give the entries of an instance that record a field, and those that may belong to it and do."""
        key = (this.ref, name)
        if key not in self._tells:
            told = [e for e in this.events if name in e.fields]
            self._tells[key] = told, [e for e in this.possible if name in e.fields]
        return self._tells[key]

    def telling(self, name: str, kind: str) -> Ordered:
        """Give the entries of a kind that record a field."""
        key = (name, kind)
        if key not in self._telling_kind:
            self._telling_kind[key] = Ordered([e for e in self.by_kind.get(kind, ()) if name in e.fields])
        return self._telling_kind[key]

    def entries(self, argument: Tree, scope: Scope) -> list[tuple[CaseEvent, Truth]]:
        """Give the entries of a kind up to the day, each with how sure it is that it counts."""
        return list(self.each_within(argument, Scope(scope.at)))

    def entries_on(self, argument: Tree, scope: Scope, on: Days) -> Iterator[tuple[CaseEvent, Truth]]:
        """Give the entries of a kind that may lie on a day, each with how sure it is that it counts and does."""
        where, sources = self._sources(argument, None)
        for source in sources:
            for event in source.entries.walk(on[0], min(on[1], scope.at), self.longest):
                counts = conjunction((self._counts(event, where, scope), same(event.days, on), source.sure))
                if counts is not False:
                    yield event, counts

    def _counts(self, event: CaseEvent, where: Tree | None, scope: Scope) -> Truth:
        """Say how sure it is that an entry happened by the day and meets a condition on it."""
        happened: Truth = True if event.last <= scope.at else None if event.first <= scope.at else False
        if where is None or happened is False:
            return happened
        return conjunction((happened, self.truth(where, Scope(scope.at, event))))

    def each_within(
        self, argument: Tree, scope: Scope, *, backwards: bool = False
    ) -> Iterator[tuple[CaseEvent, Truth]]:
        """Give the entries of a kind that belong to the instance in question, each with how sure, by first day."""
        this = scope.this if isinstance(scope.this, Instance) else None
        where, sources = self._sources(argument, this)
        unsure = {event.id for source in sources if source.sure is None for event in source.entries.events}
        for event in in_order([self._walk(s, this, scope.at, backwards) for s in sources], backwards=backwards):
            counts = self._counted(event, where, this, scope)
            if counts is not False:
                yield event, None if event.id in unsure else counts

    def surest_within(
        self, argument: Tree, scope: Scope, *, backwards: bool = False
    ) -> Iterator[tuple[CaseEvent, Truth]]:
        """Give the sure entries as `each_within` does, and of those that may count only the first, or last.

        Enough for whether there is one, and for the first and last day; a log may hold thousands that may count.
        """
        this = scope.this if isinstance(scope.this, Instance) else None
        where, sources = self._sources(argument, this)
        for sure in (True, None):
            walks = [self._walk(s, this, scope.at, backwards) for s in sources if s.sure is sure]
            if walks:
                found = self._each_counted(in_order(walks, backwards=backwards), where, this, scope)
                yield from self._settled(found, backwards) if sure else self._outermost(found)

    def _each_counted(
        self, events: Iterable[CaseEvent], where: Tree | None, this: Instance | None, scope: Scope
    ) -> Iterator[tuple[CaseEvent, Truth]]:
        for event in events:
            counts = self._counted(event, where, this, scope)
            if counts is not False:
                yield event, counts

    def _settled(
        self, counted: Iterator[tuple[CaseEvent, Truth]], backwards: bool
    ) -> Iterator[tuple[CaseEvent, Truth]]:
        """Stop where no further entry can change which day is the first, or the last."""
        edge: int | None = None
        for event, counts in counted:
            if edge is not None and (event.first + self.longest < edge if backwards else event.first > edge):
                return
            if counts:
                edge = max(event.first, edge or 0) if backwards else min(event.last, edge or event.last)
            yield event, counts

    def _outermost(self, counted: Iterator[tuple[CaseEvent, Truth]]) -> Iterator[tuple[CaseEvent, Truth]]:
        """Give, as uncertain, the entries that may have the first day, or the last."""
        edge: int | None = None
        for event, _ in counted:
            edge = event.first if edge is None else edge
            if abs(event.first - edge) > self.longest:
                return
            yield event, None

    def _counted(self, event: CaseEvent, where: Tree | None, this: Instance | None, scope: Scope) -> Truth:
        belongs = True if this is None else self._belongs(event, this)
        return belongs if belongs is False else conjunction((self._counts(event, where, scope), belongs))

    # ---------------------------------------------------------------------------------------------- sources

    def _sources(self, argument: Tree, this: Instance | None) -> tuple[Tree | None, list["_Source"]]:
        """Give where the entries of a kind are found, and what of the condition on them is still to be read.

        A condition that reads the entry only is read once for all days: what is false on it is left out, and what is
        unknown is a source of its own.
        """
        kind, where = _kind_of(argument)
        if kind not in self.by_kind:
            return where, []
        static = where if where is not None and self.depends.on_entry_only(where) else None
        own = this if this is not None and kind in self.depends.own_kinds(this.procedure) else None
        key = (kind, id(static) if static is not None else 0, own.ref if own else "")
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._own_sources(kind, static, own) if own else self._of_kind(kind, static)
        return (where if static is None else None), found

    def _of_kind(self, kind: str, where: Tree | None) -> list["_Source"]:
        return self._by_certainty(self.by_kind.get(kind, ()), where)

    def _own_sources(self, kind: str, where: Tree | None, this: Instance) -> list["_Source"]:
        """Give the entries of one of its own kinds that an instance holds, may hold, or that none holds."""
        key = (kind, id(where) if where is not None else 0, this.procedure)
        if key not in self._loose:
            held = self._held(this.procedure)
            self._loose[key] = self._by_certainty(
                [event for event in self.by_kind.get(kind, ()) if event.id not in held], where
            )
        own_of, may_be = self._of_instance(this)
        own = self._by_certainty(own_of.get(kind, ()), where, held=True)
        own += self._by_certainty(may_be.get(kind, ()), where, held=True, sure=None)
        return own + self._loose[key]

    def _of_instance(self, this: Instance) -> tuple[_ByKind, _ByKind]:
        """Give the entries that an instance holds and those that it may hold, by kind."""
        if this.ref not in self._parted:
            parted: tuple[_ByKind, _ByKind] = {}, {}
            for events, by_kind in zip((this.events, this.possible), parted, strict=True):
                for event in events:
                    by_kind.setdefault(event.kind, []).append(event)
            self._parted[this.ref] = parted
        return self._parted[this.ref]

    def _by_certainty(
        self, events: Iterable[CaseEvent], where: Tree | None, *, held: bool = False, sure: Truth = True
    ) -> list["_Source"]:
        """Part entries into those that surely meet a condition on them and those that may."""
        met: dict[Truth, list[CaseEvent]] = {True: [], None: [], False: []}
        for event in events:
            met[conjunction((sure, self._met(where, event)))].append(event)
        return [_Source(Ordered(met[value]), value, held) for value in (True, None) if met[value]]

    def _met(self, where: Tree | None, event: CaseEvent) -> Truth:
        """Give the value of a condition that reads the entry only, read once."""
        if where is None:
            return True
        key = (id(where), event.id)
        if key not in self._static_truths:
            self._static_truths[key] = self.truth(where, Scope(event.last, event))
        return self._static_truths[key]

    def _walk(self, source: "_Source", this: Instance | None, at: int, backwards: bool) -> Iterator[CaseEvent]:
        """Walk through a source up to a day; entries that no instance holds only between the ends of this one."""
        first, last = EARLIEST, at
        if this is not None and not source.held:
            first, last = this.start[0], min(at, this.end[1] if this.end else at)
        return source.entries.walk(first, last, self.longest, backwards=backwards)

    def _belongs(self, event: CaseEvent, this: Instance) -> Truth:
        if event.id in this.ids:
            return True
        if event.id in this.possible_ids:
            return None
        if event.kind in self.law.procedures[this.procedure].follows and event.first < this.start[1]:
            return False  # the instance presupposes it, so it came before
        if self._names_another(event, this):
            return False
        inside = not_after(this.start, event.days) if this.start[0] > EARLIEST else True
        return conjunction((inside, not_after(event.days, this.end) if this.end else True))

    def _names_another(self, event: CaseEvent, this: Instance) -> bool:
        """Say whether an entry concerns one that another instance of the procedure holds, and not this one."""
        wanted = event.fields.get("concerns")
        if wanted is None or str(wanted) in this.ids:
            return False
        return any(str(wanted) in one.ids for one in self.instances.get(this.procedure, ()))

    def _held(self, name: str) -> frozenset[str]:
        """Give the ids of the entries that some instance of a procedure holds or may hold."""
        if name not in self._held_ids:
            instances = self.instances.get(name, ())
            loose = (ident for i in instances for ident in i.possible_ids)
            self._held_ids[name] = frozenset((*(ident for i in instances for ident in i.ids), *loose))
        return self._held_ids[name]

    def episode(self, event: CaseEvent | None, at: int) -> Instance | None:
        """Give the custody that an entry belongs to, or that had begun by a day."""
        episodes = self.standing(CUSTODY)
        return episodes.latest(at) if event is None else episodes.holding(event.id)

    def standing(self, name: str) -> Standing:
        """Give the instances of a procedure by day, as far as they are built."""
        instances = self.instances.get(name, _NONE)
        found = self._standing.get(name)
        if found is None or found.instances is not instances:
            found = self._standing[name] = Standing(instances)
        return found

    def reaches(self, this: Subject) -> Days | None:
        """Give the day up to which a paper for being held lasts, or the latest of an instance's papers."""
        episode = this if isinstance(this, Instance) else self.episode(this, self.as_of) if this else None
        if episode is None:
            return ends_of_papers([this]).get(this.id) if isinstance(this, CaseEvent) else None
        ends = self._ends_of(episode)
        if isinstance(this, CaseEvent):
            return ends.get(this.id)
        known = list(ends.values())
        made = [end for end in known if end is not None]
        return (max(e[0] for e in made), max(e[1] for e in made)) if known and known[-1] is not None else None

    def reached(self, this: Subject) -> Days | None:
        """Give the day up to which the paper before this one lasts, None where none was before it or it names none."""
        if not isinstance(this, CaseEvent):
            return None
        episode = self.episode(this, self.as_of)
        if episode is None:
            return None
        if episode.ref not in self._ends_before:
            self._ends_before[episode.ref] = ends_before(episode.events, self._ends_of(episode))
        return self._ends_before[episode.ref].get(this.id)

    def _ends_of(self, episode: Instance) -> dict[str, Days | None]:
        if episode.ref not in self._ends:
            self._ends[episode.ref] = ends_of_papers(episode.events, episode.start)
        return self._ends[episode.ref]


def plain(value: Value) -> Value:
    """Give a recorded value, None where the log itself says that it is not known."""
    return None if value == "unknown" else value


def _kind_of(argument: Tree) -> tuple[str, Tree | None]:
    """Give the kind of event that an argument names, and the condition on its fields."""
    return (argument[1][1], argument[2]) if argument[0] == "where" else (argument[1], None)
