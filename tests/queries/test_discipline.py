"""Clues about officials on the ledger: rebuilt from it as they stand, and open to who is named and of the same tree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cases_for_tests as cases
from cabletrace.auth.policy import Role
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Refusal
from cabletrace.queries.discipline import discipline_list, discipline_page
from cabletrace.queries.events import event_page
from cases_for_tests import HEAD
from drafts_for_tests import DEALER, REGULATOR
from house_for_tests import open_house, rebuilt, signed_in

CLUE, HANDLER = "00000000-0000-4000-8000-0000000000b5", "00000000-0000-4000-8000-0000000000ab"


def test_it_is_rebuilt_as_it_stands_and_open_to_who_is_named_in_the_own_tree(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        officer = signed_in(REGULATOR, Role.REGULATOR, "411600")
        head, handler = (replace(officer, account=account) for account in (HEAD, HANDLER))
        clue = cases.discipline(CLUE, handlers=[HANDLER])
        house.happened(clue, by=officer)
        house.happened(cases.discipline_step(CLUE, "approved"), by=head)
        house.happened(cases.discipline_step(CLUE, "transferred", number="移1"), by=handler)
        house.happened(cases.discipline_step(CLUE, "handlers", text="调离"), by=head)

        # Who is no longer named, an account of another authority with the name of one of these, and the machine can go on with nothing.
        stranger = replace(signed_in(DEALER, Role.REGULATOR, "370100"), account=HEAD)
        received = cases.discipline_step(CLUE, "received")
        refused = [house.record(received, by=by)[0] for by in (handler, stranger)]
        for answer in (
            *refused,
            house.record(cases.discipline_step(CLUE, "received", entered_for=REGULATOR))[0],
        ):
            assert isinstance(answer, Refusal)
        assert "discipline-unknown" in {problem.code for problem in refused[0].problems}  # type: ignore[union-attr]
        assert isinstance(house.record(received, by=officer)[0], Receipt)

        with house.reading() as tx:
            for who in (officer, head):
                page = discipline_page(tx, who, CLUE)
                assert page is not None
                assert (page.row.state, page.handlers, page.official) == ("received", (), "某甲")
                assert event_page(tx, who, clue["draft"]["id"]) is not None
            for who in (handler, stranger):
                assert discipline_list(tx, who) == ()
                assert discipline_page(tx, who, CLUE) is None
                assert event_page(tx, who, clue["draft"]["id"]) is None
        assert rebuilt(house, tmp_path) == house.dump(kind="projection")
