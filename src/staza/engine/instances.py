"""Which entry belongs to *this* application, *this* order: instances come and go here.

An opening entry opens an instance, or joins the open one: the first kind in `opened_by` that is found says the start,
so that a detention that started is dated by its start and one that was only ordered by its order. An entry that
presupposes an instance opens one with unknown start. An entry that names its instance (`concerns`) goes there; else
it goes to the only open one; else it is *possible* for each, and nothing that depends on it is certain.
"""

from collections.abc import Callable, Iterable, Set

from staza.engine.answer import Unbound
from staza.engine.logic import EARLIEST, Truth
from staza.engine.types import CaseEvent, Instance, Opening, Procedure, Value

Matches = Callable[[Opening, CaseEvent], Truth]


def build(
    procedure: Procedure, kinds: Set[str], events: tuple[CaseEvent, ...], matches: Matches
) -> tuple[list[Instance], list[Unbound]]:
    """Give the instances of a procedure, oldest first, and the entries that fit several of them.

    `kinds` are those of the entries that it is made of, as `Dependence.procedures_in_order` gives them.
    """
    builder = _Builder(procedure, [event for event in events if event.kind in kinds], matches)
    for number, event in enumerate(builder.events):
        builder.read(event, number)
    return builder.made, builder.unbound


class _Builder:
    def __init__(self, procedure: Procedure, events: list[CaseEvent], matches: Matches) -> None:
        self.procedure = procedure
        self.matches = matches
        self.made: list[Instance] = []
        self.unbound: list[Unbound] = []
        self.events = events
        self.standing: list[Instance] = []  # those that nothing has ended yet
        self.fresh = False  # something happened after which the next opening entry is about a new instance

    def read(self, event: CaseEvent, number: int) -> None:
        procedure = self.procedure
        rank = self._rank(procedure.opened_by, event)
        if rank is not None:
            self._open_or_join(event, rank)
            self._doubt(event, procedure.opened_by[rank])
        elif self._rank(procedure.presupposed_by, event) is not None and not self._open():
            self._add(event, (EARLIEST, event.last), rank=98)
            if self._rank(procedure.closed_by, event) is not None:
                self._end(self._open(), event)
        elif self._rank(procedure.closed_by, event) is not None or self._ends_softly(event, number):
            self._close(event)
        elif self._rank(procedure.takes, event) is not None:
            self._attach(event, sure=self._surely(procedure.takes, event))
        if event.kind in procedure.opens_again_after:
            self.fresh = True

    def _doubt(self, event: CaseEvent, opening: Opening) -> None:
        """Mark an instance that only an entry of unknown meaning opened."""
        sure = self.matches(opening, event) is True
        for instance in self.made[-1:] if sure else [i for i in self.made if i.opener is event]:
            if instance.opener is event:
                instance.certain = sure
            elif event.id in instance.ids:
                instance.certain = True

    def _rank(self, openings: Iterable[Opening], event: CaseEvent) -> int | None:
        for rank, opening in enumerate(openings):
            if opening.kind == event.kind and self.matches(opening, event) is not False:
                return rank
        return None

    def _surely(self, openings: Iterable[Opening], event: CaseEvent) -> bool:
        return any(opening.kind == event.kind and self.matches(opening, event) is True for opening in openings)

    def _open(self) -> list[Instance]:
        return list(self.standing)

    def _apart(self, event: CaseEvent, instances: list[Instance]) -> list[Instance]:
        """Leave out the instances whose entries record another value of what tells them apart than this entry."""
        for name in self.procedure.apart_by:
            value = event.fields.get(name)
            if value is not None:
                instances = [i for i in instances if _first_recorded(i, name) in (None, value)]
        return instances

    def _in_question(self, event: CaseEvent) -> list[Instance]:
        """Give the open instances that an entry may be about; one whose last entry set it aside comes last."""
        open_ = self._apart(event, self._open())
        live = [i for i in open_ if i.events[-1].kind not in self.procedure.set_aside_by]
        return live or open_[-1:]

    def _named(self, event: CaseEvent) -> Instance | None:
        """Give the instance that holds the entry that this one concerns."""
        wanted = event.fields.get("concerns")
        if wanted is None:
            return None
        return next((i for i in self.made if str(wanted) in i.ids), None)

    def _open_or_join(self, event: CaseEvent, rank: int) -> None:
        named = self._named(event)
        candidates = self._apart(event, self._open())
        if self.procedure.paired:
            candidates = [one for one in candidates if self._is_other_end(one, event, rank)]
        if named is not None:
            self._join(named, event, rank)
        elif not candidates or self.procedure.each_opens or self.fresh or self._other_number(event):
            if self.procedure.replaces:
                self._end(candidates, event)
            self._add(event, event.days, rank=rank)
            self.fresh = False
        else:
            self._join(candidates[-1], event, rank)

    def _is_other_end(self, instance: Instance, event: CaseEvent, rank: int) -> bool:
        """Say whether an opening entry is the other end of an instance: it comes after the first kind, or on its day.

        One of a kind that is there is about another matter, and so is one that comes once the matter went on.
        """
        kinds = {opening.kind for opening in self.procedure.opened_by} - {event.kind}
        return all(own.kind in kinds for own in instance.events) and (rank > 0 or instance.start == event.days)

    def _other_number(self, event: CaseEvent) -> bool:
        number = event.fields.get("number")
        if number is None or not self.procedure.numbered:
            return False
        known = [e.fields["number"] for i in self.standing for e in i.events if "number" in e.fields]
        return number not in known and (bool(known) or number != 1)

    def _add(self, event: CaseEvent, start: tuple[int, int], *, rank: int) -> None:
        made = Instance(self.procedure.name, event.id, start, len(self.made) + 1, rank=rank, opener=event)
        if start == event.days:
            made.start_minute = event.minute
        self._take(made, event)
        self.made.append(made)
        self.standing.append(made)

    def _take(self, instance: Instance, event: CaseEvent) -> None:
        instance.events.append(event)
        instance.ids.add(event.id)

    def _end(self, instances: list[Instance], event: CaseEvent) -> None:
        for instance in instances:
            instance.end, instance.end_minute, instance.closed_by = event.days, event.minute, event.id
            if instance in self.standing:
                self.standing.remove(instance)

    def _join(self, instance: Instance, event: CaseEvent, rank: int) -> None:
        self._take(instance, event)
        if rank < instance.rank:
            instance.rank, instance.start, instance.start_minute = rank, event.days, event.minute

    def _close(self, event: CaseEvent) -> None:
        named, candidates = self._named(event), self._in_question(event)
        if named is not None:
            candidates = [named]
        settled = [one for one in candidates if self._is_too_late(event, one)]
        open_to_it = [one for one in candidates if one not in settled]
        sure = self._surely((*self.procedure.closed_by, *self.procedure.closed_unless_held_on_by), event)
        if sure and (len(candidates) == 1 or self.procedure.replaces):
            self._end(open_to_it, event)
            for instance in candidates:
                self._take(instance, event)
            for instance in settled:
                instance.undone.add(event.id)
        elif candidates:
            self._possible(event, candidates)
            for instance in open_to_it:
                instance.maybe_end = min(event.first, instance.maybe_end or event.first)

    def _is_too_late(self, event: CaseEvent, instance: Instance) -> bool:
        """Say whether what is already there by operation of law takes the effect of an entry away."""
        settled_by = self.procedure.too_late.get(event.kind)
        return any(one.kind == settled_by and one.last <= event.first for one in instance.events)

    def _attach(self, event: CaseEvent, *, sure: bool) -> None:
        named = self._named(event)
        candidates = self._in_question(event) or self._apart(event, self.made)[-1:]
        if named is not None:
            self._take(named, event)
        elif not sure and candidates:
            self._possible(event, candidates)
        elif len(candidates) == 1:
            self._take(candidates[0], event)
        elif (numbered := self._numbered(event, candidates)) is not None:
            self._take(numbered, event)
        elif candidates:
            self._possible(event, candidates)

    def _numbered(self, event: CaseEvent, candidates: list[Instance]) -> Instance | None:
        """Give the first instance that has an entry with the same number."""
        number = event.fields.get("number")
        if number is None:
            return None
        return next((i for i in candidates if any(e.fields.get("number") == number for e in i.events)), None)

    def _possible(self, event: CaseEvent, candidates: list[Instance]) -> None:
        for instance in candidates:
            instance.possible.append(event)
            instance.possible_ids.add(event.id)
        self.unbound.append(Unbound(event.id, tuple(i.ref for i in candidates)))

    def _ends_softly(self, event: CaseEvent, number: int) -> bool:
        """Say whether an order to end took effect: no later entry shows that the instance went on."""
        if self._rank(self.procedure.closed_unless_held_on_by, event) is None:
            return False
        for later in self.events[number + 1 :]:
            if self._rank(self.procedure.opened_by, later) is not None:
                return True
            held_on = any(
                self._rank(openings, later) is not None
                for openings in (self.procedure.takes, self.procedure.closed_by, self.procedure.presupposed_by)
            )
            if held_on:
                return False
        return True


def _first_recorded(instance: Instance, name: str) -> Value:
    """Give what the first entry of an instance that records a field says, None where none does."""
    return next((e.fields[name] for e in instance.events if name in e.fields), None)
