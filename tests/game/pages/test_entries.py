"""An entry's page, its verdict, a report."""

import re
from collections.abc import Callable

from flask import Flask

from game.rules import moderation
from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]


def test_an_entry_shows_picture_numbers_and_replay(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    page = visitor.sees(f"/entries/{entry.id}")
    assert f'data-replay="/api/v1/entries/{entry.id}/drawing.json"' in page
    assert f"{entry.similarity:.3f}".replace("-", "−") in page
    assert "Ada" in page
    assert "Nobody has put this into words yet" in page


def test_the_verdict_says_rank_percentile_cosine_reason_and_neighbours(
    visitor: Visitor, prompt_id: str, hang: Hang
) -> None:
    entries = sorted((hang(prompt_id, word) for word in ("cat", "house", "key")), key=lambda entry: -entry.similarity)
    page = visitor.sees(f"/entries/{entries[1].id}/verdict")
    assert re.search(r"<strong>2</strong><span> of 3<", page)
    assert f"/entries/{entries[1].id}/seen.png" in page
    assert page.count('class="needle"') == 1
    assert "The judge" in page
    for neighbour in (entries[0], entries[2]):
        assert f'href="/entries/{neighbour.id}"' in page
    assert page.count("<tr>") == 1 + 3, "the head of the table and three other prompts"


def test_what_does_not_hang_is_not_shown_to_others(
    app: Flask, visitor: Visitor, admin: Visitor, prompt_id: str, hang: Hang
) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    with app.app_context():
        moderation.decide(entry.id, "hidden", "not nice", None)
    for address in (f"/entries/{entry.id}", f"/entries/{entry.id}/verdict", f"/captions/{entry.id}"):
        visitor.sees(address, 404)
    assert "Taken off the wall" in admin.sees(f"/entries/{entry.id}")
    assert entry.id not in visitor.sees(f"/prompts/{prompt_id}")


def test_a_report_needs_no_javascript_and_reaches_the_studio(
    visitor: Visitor, admin: Visitor, prompt_id: str, hang: Hang
) -> None:
    entry = hang(prompt_id, "cat")
    answer = visitor.sends(f"/entries/{entry.id}", f"/entries/{entry.id}/report", reason="It is <b>rude</b>")
    assert answer.status_code == 303
    assert "A person will look at it" in visitor.sees(f"/entries/{entry.id}")
    assert "It is &lt;b&gt;rude&lt;/b&gt;" in admin.sees("/admin/entries?state=reported")


def test_a_report_without_the_token_changes_nothing(
    visitor: Visitor, admin: Visitor, prompt_id: str, hang: Hang
) -> None:
    entry = hang(prompt_id, "cat")
    assert visitor.client.post(f"/entries/{entry.id}/report", data={"reason": "x"}).status_code == 400
    assert entry.id not in admin.sees("/admin/entries?state=reported")
