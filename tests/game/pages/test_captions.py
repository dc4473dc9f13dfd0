"""The reverse game, played with plain forms."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from game import painting
from game.rules import machine_captions
from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]


def test_without_pictures_there_is_an_invitation_to_draw(visitor: Visitor) -> None:
    assert "There is no picture left to caption" in visitor.sees("/captions")


def test_a_picture_is_shown_without_what_was_asked_for(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    for address in ("/captions", f"/captions/{entry.id}"):
        page = visitor.sees(address)
        assert entry.picture in page
        assert entry.prompt_text not in page


def test_words_are_judged_and_the_prompt_is_told_afterwards(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    answer = visitor.sends("/captions", f"/captions/{entry.id}", text="a <b>cat</b> of sorts")
    assert answer.status_code == 303
    page = visitor.sees(answer.location)
    assert "a &lt;b&gt;cat&lt;/b&gt; of sorts" in page
    assert "1 <small>of 1</small>" in page
    assert entry.prompt_text in page
    assert "There is no picture left" in visitor.sees("/captions"), "nobody captions a picture twice unasked"


def test_too_many_words_come_back_with_the_reason(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    answer = visitor.sends("/captions", f"/captions/{entry.id}", text="cat " * 90)
    assert answer.status_code == 422
    assert "92 tokens" in answer.text
    assert "cat cat" in answer.text, "the words are kept"


def test_tokens_are_counted_while_writing(visitor: Visitor) -> None:
    answer = visitor.client.get("/captions/tokens?text=a+cat", headers={"X-Fragment": "1"})
    assert '<span class="figures">4</span> of 77 tokens' in answer.text


def test_a_caption_is_not_shown_under_another_picture(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    first, second = hang(prompt_id, "cat"), hang(prompt_id, "house")
    answer = visitor.sends(f"/captions/{first.id}", f"/captions/{first.id}", text="a cat")
    visitor.sees(answer.location.replace(first.id, second.id), 404)


def test_words_without_the_token_are_not_judged(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    assert visitor.client.post(f"/captions/{entry.id}", data={"text": "a cat"}).status_code == 400
    assert "Nobody has put this into words yet" in visitor.sees(f"/entries/{entry.id}")


def test_a_machines_words_are_labelled_and_not_told_before_ones_own(
    visitor: Visitor, prompt_id: str, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = hang(prompt_id, "cat")
    found = SimpleNamespace(text="a walking piano", tried=1234)
    monkeypatch.setattr(painting, "caption", lambda picture, guide: found)
    with visitor.client.application.app_context():
        machine_captions.write(entry.id)
    assert "walking piano" not in visitor.sees(f"/captions/{entry.id}")
    answer = visitor.sends(f"/captions/{entry.id}", f"/captions/{entry.id}", text="a cat")
    for page in (visitor.sees(answer.location), visitor.sees(f"/entries/{entry.id}")):
        line = next(line for line in page.split("<li") if "walking piano" in line)
        assert "side-machine" in line
        assert 'best of <span class="figures">1,234 phrases</span> tried' in line.replace("\u202f", ",")
        own = next(line for line in page.split("<li") if "<q>a cat</q>" in line)
        assert "side-machine" not in own
    listed = visitor.client.get(f"/api/v1/entries/{entry.id}/captions").json["items"]
    assert {item["text"]: item["search"] for item in listed} == {
        "a cat": None, "a walking piano": {"guide": "embedded:main", "tried": 1234}
    }  # fmt: skip
    theirs = next(item["id"] for item in listed if item["search"])
    assert "guided by embedded:main, which is also the judge" in visitor.sees(f"/captions/{entry.id}?caption={theirs}")
