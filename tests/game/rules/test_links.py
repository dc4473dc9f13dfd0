"""Short links lead to one entry, for good."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, inspect

from game.extensions import db
from game.models import Entry, Player
from game.rules import entries, links
from game.rules.refusals import Missing
from game.rules.views import EntryView, PromptView

Enter = Callable[..., EntryView]


def copied(row: Entry, entry_id: str, later: timedelta) -> None:
    """Hang another entry like one, under an id, some time later."""
    values = {column.key: getattr(row, column.key) for column in inspect(Entry).column_attrs}
    values |= {"id": entry_id, "created_at": row.created_at + later}
    db.session.execute(insert(Entry).values(**values))
    db.session.commit()


def test_a_link_is_short_and_leads_back(red_cat: PromptView, ann: Player, enter: Enter) -> None:
    entry = enter(red_cat, ann, "red")
    code = links.code(entry.id)
    assert len(code) == links.SHORTEST
    assert links.entry_id(code) == links.entry_id(code.upper()) == links.entry_id(f" {entry.id} ") == entry.id


def test_a_link_stays_with_its_entry_when_another_begins_alike(red_cat: PromptView, ann: Player, enter: Enter) -> None:
    row = entries.row(enter(red_cat, ann, "red").id)
    code, own = links.code(row.id), row.id
    other = own[:8] + ("z" if own[8] != "z" else "y") + own[9:]
    copied(row, other, timedelta(seconds=1))
    assert links.code(own) == code
    assert links.entry_id(code) == own
    assert links.code(other) == other[:9]
    assert links.entry_id(other[:9]) == other


@pytest.mark.parametrize("code", ["", "abc", "zzzzzz", "z" * 13, "../etc", "ÄÖÜäöü", "%%%%%%", "llllll"])
def test_nonsense_leads_nowhere(context: object, code: str) -> None:
    with pytest.raises(Missing, match="leads nowhere"):
        links.entry_id(code)
