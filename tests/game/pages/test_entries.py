"""An entry's page, its verdict, a report."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from game import judging
from game.rules import moderation, rejudging
from game.rules.views import EntryView
from tests.game.pages.conftest import QuickJudge, Visitor

Hang = Callable[..., EntryView]


class Contrary(QuickJudge):
    """Sees everything the other way round."""

    spec = "fake:contrary"

    def embed_texts(self, texts: Sequence[str]) -> Any:
        """The opposite direction for each text."""
        return -super().embed_texts(texts)


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


def test_a_shared_rank_is_said_in_words(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    first, second = hang(prompt_id, "cat", "Ada"), hang(prompt_id, "cat", "Bob")
    for entry in (first, second):
        page = visitor.sees(f"/entries/{entry.id}/verdict")
        assert ">shared</span>" in page
        assert "Rank 1 is shared" in page
        assert ">=<" not in page
        assert "of 2, shared" in visitor.sees(f"/entries/{entry.id}")
    hang(prompt_id, "house")
    assert "Rank 1 is shared" in visitor.sees(f"/entries/{first.id}/verdict") or "Rank 2 is shared" in visitor.sees(
        f"/entries/{first.id}/verdict"
    )


def test_two_judges_are_shown_side_by_side(app: Flask, visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    with app.app_context():
        judging.current()
    app.extensions[judging.INJECTED_SECOND] = Contrary()
    entry = hang(prompt_id, "cat", "Ada")
    assert entry.second is not None
    for address in (f"/entries/{entry.id}", f"/entries/{entry.id}/verdict"):
        page = visitor.sees(address)
        assert "fake:contrary" in page
        assert f"{entry.second['similarity']:.3f}".replace("-", "−") in page


def test_past_scores_are_on_the_entrys_page(app: Flask, visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    assert "Judged before" not in visitor.sees(f"/entries/{entry.id}")
    with app.app_context():
        rejudging.rejudge(Contrary())
    app.extensions[judging.INJECTED] = Contrary()
    page = visitor.sees(f"/entries/{entry.id}")
    assert "Judged before" in page
    assert "The judge embedded:main: percentile" in page
    assert "by fake:contrary; before that by embedded:main" in visitor.sees(f"/prompts/{prompt_id}")
