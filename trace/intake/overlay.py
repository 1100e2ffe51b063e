"""The overlay: what the database says, as the events applied since have changed it.

Live admission and rebuild both change the projections through this one class, so they cannot come to
different rows. `load` what a group needs, `apply` its events one by one, `write` once.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ..auth import grants
from ..blobs import named
from ..blobs.store import Blob
from ..flow import books
from ..inspecting import listings, programmes, samples
from ..inspecting import register as inspecting
from ..investigation import alerts, discipline, requests
from ..investigation import register as investigation
from ..model.admission import Wanted, all_wanted, looks_back
from ..model.applying import apply_effects
from ..model.drafts import CorrectionDraft, Draft
from ..model.effects import BOOKED, effects_of, right_version
from ..model.involvement import involved, projects_of
from ..model.postings import Fact, Posting, Statement, Withdrawn
from ..model.state import Book, KnownBatch, KnownDocument, KnownEvent, KnownGrant, KnownReading, State
from ..registry import register
from .lookback import Ledger, brought_to, history_of, known_event, region_of_right, seat_then

#: Finds an uploaded attachment by its SHA-256.
FindBlob = Callable[[str], Blob | None]


def no_blob(_sha256: str) -> None:
    """Finds nothing: for a ledger without a folder of attachments, and for rebuilds, which ask for none."""


@dataclass(slots=True)
class Overlay:
    """A `State` with its changes since the last `write`; ``seq`` is the index of the next event."""

    seq: int = 0
    #: The ledger's name; a rebuild, which judges nothing, does without.
    origin: str = ""
    find_blob: FindBlob = no_blob
    state: State = field(default_factory=State)
    _facts: list[Fact | Withdrawn] = field(default_factory=list)
    _batches: list[KnownBatch] = field(default_factory=list)
    _rebatched: dict[str, KnownBatch] = field(default_factory=dict)
    _before: dict[str, Book | None] = field(default_factory=dict)
    _postings: list[tuple[int, Sequence[Posting]]] = field(default_factory=list)
    _involvement: list[tuple[str, str, int]] = field(default_factory=list)
    #: Everything applied since the last `write`, for those who look back.
    _said: list[Statement] = field(default_factory=list)
    _named: list[tuple[str, int]] = field(default_factory=list)

    def load(self, tx: Connection, wanted: Wanted) -> None:
        """Look up what is wanted and not yet known, in bulk."""
        register.load(tx, wanted, self.state)
        books.load(tx, wanted, self.state)
        if wanted.alert_steps:
            alerts.load(tx, wanted, self.state)
        if wanted.leads or wanted.cases or wanted.case_numbers:
            investigation.load(tx, wanted, self.state)
            whose = investigation.authorities(self.state, wanted)
            register.load(tx, Wanted(parties=whose), self.state)
        if wanted.defects or wanted.visits or wanted.sampling_plans or wanted.case_numbers:
            inspecting.load(tx, wanted, self.state)
        if wanted.samples:
            samples.load(tx, wanted, self.state)
            register.load(tx, Wanted(parties=samples.parties_of(self.state, wanted)), self.state)
        if wanted.requests or wanted.case_numbers:
            requests.load(tx, wanted, self.state)
            register.load(tx, Wanted(parties=requests.parties_of(self.state, wanted)), self.state)
        if wanted.programmes or wanted.case_numbers:
            programmes.load(tx, wanted, self.state)
            register.load(tx, Wanted(parties=programmes.authorities(self.state, wanted)), self.state)
        if wanted.listings or wanted.case_numbers:
            listings.load(tx, wanted, self.state)
            register.load(tx, Wanted(parties=listings.parties_of(self.state, wanted)), self.state)
        if wanted.discipline:
            discipline.load(tx, wanted, self.state)
            register.load(tx, Wanted(parties=discipline.authorities(self.state, wanted)), self.state)
        missing = wanted.grants - self.state.grants.keys()
        if missing:
            self.state.grants.update(grants.load(tx, missing))
        # Each time anew, never from memory: one that was missing may have come, and an unused one may be gone.
        for sha256 in wanted.documents:
            blob = self.find_blob(sha256)
            self.state.documents[sha256] = None if blob is None else KnownDocument(blob.media_type, blob.size)

    def look_back(self, draft: Draft, actor: str, *, rows: Connection, projections: Connection) -> None:
        """Look up what a draft speaks of: the event and, for a correction, what walking its history again needs.

        ``rows`` holds the ledger's entries, ``projections`` what follows from those before this group.
        """
        event_id = looks_back(draft)
        if event_id is None:
            return
        ledger = Ledger(rows, projections, self._said, self.seq)
        known = self._look_up(ledger, event_id)
        if known is None:
            return
        answered = looks_back(known.original)  # of a reply, what it answered
        if answered is not None:
            self._look_up(ledger, answered)
        if not isinstance(draft, CorrectionDraft) or draft.subject.kind != known.kind:
            self.load(projections, Wanted(batches={known.batch} - {""}))
            return
        history = history_of(ledger, known.batch) if known.batch and known.kind in BOOKED else ()
        spoken = [(said.draft, said.speaker, said.speaker) for said in history]
        spoken.append((known.original, known.speaker, actor))
        if not draft.body.void:
            right = right_version(known.original, draft)
            spoken.append((right, known.speaker, actor))
            placed = Statement(draft=right, speaker=known.speaker, seq=known.seq)
            region = region_of_right(placed, self.seq, partial(seat_then, ledger))
            self.state.events[event_id] = replace(known, region=region)
        wanted = all_wanted(spoken)
        wanted.batches |= {known.batch} - {""}
        self.load(projections, wanted)
        self.state.histories[known.batch] = history

    def _look_up(self, ledger: Ledger, event_id: str) -> KnownEvent | None:
        known = known_event(ledger, event_id)
        if known is not None:
            known = replace(known, whom=self._whom(ledger, known))
            if event_id not in self.state.submissions:
                found = register.submissions(ledger.projections, [event_id])
                self.state.submissions[event_id] = found.get(event_id)
            if event_id not in self.state.suspicions:
                raised = register.suspicions(ledger.projections, [event_id])
                self.state.suspicions[event_id] = raised.get(event_id)
        self.state.events[event_id] = known
        return known

    def _whom(self, ledger: Ledger, known: KnownEvent) -> frozenset[str]:
        refs = projects_of(known.original)
        self.load(ledger.projections, Wanted(parties={known.speaker}, projects={ref.id for ref in refs}))
        postings = books.postings_of(ledger.projections, known.batch, known.seq) if known.batch else []
        postings += (posting for seq, some in self._postings for posting in some if seq == known.seq)
        return involved(known.original, known.speaker, postings, [self.state.projects[r.id] for r in refs])

    def branch(self) -> Overlay:
        """A trial on top of this overlay: what is applied to it changes nothing here until it is adopted."""
        layers: dict[str, Any] = {
            each.name: ChainMap({}, getattr(self.state, each.name)) for each in fields(State)
        }
        return Overlay(
            seq=self.seq,
            origin=self.origin,
            state=State(**layers),
            _said=list(self._said),
            _postings=list(self._postings),
        )

    def adopt(self, branch: Overlay) -> None:
        """Take over what was applied to a branch, made of this overlay as it still is."""
        for each in fields(State):
            getattr(self.state, each.name).update(getattr(branch.state, each.name).maps[0])
        self.seq = branch.seq
        for code, before in branch._before.items():
            self._before.setdefault(code, before)
        self._facts += branch._facts
        self._batches += branch._batches
        self._rebatched |= branch._rebatched
        self._said = branch._said
        self._postings = branch._postings
        self._involvement += branch._involvement
        self._named += branch._named

    def apply(self, said: Statement, actor: str) -> None:
        """Change the state by one accepted event; ``actor`` is the party whose account entered it."""
        effects = effects_of(said, self.state)
        code = effects.code
        self.seq = said.seq + 1
        if said.draft.documents:
            hashes = {each.sha256 for each in said.draft.documents}
            self._named += [(sha256, said.seq) for sha256 in sorted(hashes)]
        if code and code not in self._before:
            before = self._before[code] = self.state.books.get(code)
            if before is not None:
                self.state.books[code] = before.copy()
        apply_effects(effects, self.state)
        postings = tuple(effects.postings())
        region = brought_to(said, postings, self.state.seat)
        self._said.append(said._replace(batch=code, region=region))
        self._facts.extend((*effects.withdrawn, *effects.facts))
        if effects.rebatched is not None:
            self._rebatched[code] = effects.rebatched
        if effects.batch is not None:
            self._batches.append(effects.batch)
            self.state.involved[code] = frozenset()
        if not code:
            return
        if postings:
            self._postings.append((said.seq, postings))
        projects = [self.state.projects[ref.id] for ref in projects_of(said.draft)]
        known = self.state.involved[code]
        fresh = involved(said.draft, actor, postings, projects) - known
        if fresh:
            self.state.involved[code] = known | fresh
            self._involvement.extend((who, code, said.seq) for who in sorted(fresh))

    def posted(self) -> tuple[Posting, ...]:
        """The postings of everything applied since the last `write`, in order."""
        return tuple(posting for _, postings in self._postings for posting in postings)

    def write(self, tx: Connection) -> None:
        """Write the changes to the projections and begin anew."""
        register.write(tx, self._facts)
        investigation.write(tx, self._facts)
        alerts.write(tx, self._facts)
        inspecting.write(tx, self._facts)
        samples.write(tx, self._facts)
        requests.write(tx, self._facts)
        programmes.write(tx, self._facts)
        listings.write(tx, self._facts)
        discipline.write(tx, self._facts)
        newest: dict[int, KnownGrant | None] = {}
        for each in self._facts:
            said = each.fact if isinstance(each, Withdrawn) else each
            if isinstance(said, KnownGrant):
                newest[said.seq] = None if isinstance(each, Withdrawn) else said
        if newest:
            grants.remove(tx, [seq for seq, known in newest.items() if known is None])
            grants.write(tx, [known for known in newest.values() if known is not None])
        grants.write_readings(tx, [fact for fact in self._facts if isinstance(fact, KnownReading)])
        named.write(tx, self._named)
        changed = {code: (before, self.state.books[code]) for code, before in self._before.items()}
        if changed:
            books.write(
                tx,
                books.Changes(
                    self._new_batches(), self._known_rebatched(), changed, self._postings, self._involvement
                ),
            )
        self._facts, self._batches, self._postings, self._involvement = [], [], [], []
        self._named = []
        self._before, self._rebatched, self._said = {}, {}, []
        self.state.documents.clear()
        self.state.events.clear()
        self.state.submissions.clear()
        self.state.suspicions.clear()
        self.state.histories.clear()

    def _new_batches(self) -> list[KnownBatch]:
        """The batches of this group, as they are at its end."""
        return [self._rebatched.get(known.code, known) for known in self._batches]

    def _known_rebatched(self) -> list[KnownBatch]:
        new = {known.code for known in self._batches}
        return [known for code, known in self._rebatched.items() if code not in new]
