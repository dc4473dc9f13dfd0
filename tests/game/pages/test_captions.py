"""The reverse game, played with plain forms."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from game import painting
from game.rules import captions, machine_captions, players
from game.rules.refusals import Conflict
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


def test_words_are_judged_and_the_prompt_is_told_when_one_asks(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    address = f"/captions/{entry.id}"
    answer = visitor.sends("/captions", address, text="a <b>cat</b> of sorts")
    assert answer.status_code == 303
    page = visitor.sees(answer.location)
    assert "a &lt;b&gt;cat&lt;/b&gt; of sorts" in page
    assert "1 <small>of 1</small>" in page
    assert "2 tries left" in page
    assert "There is no picture left" in visitor.sees("/captions"), "nobody captions a picture twice unasked"
    for blind in (page, visitor.sees(address), visitor.sees(answer.location.replace("?caption=", "/") + "/why")):
        assert entry.prompt_text not in blind
        assert "Ada" not in blind
    assert visitor.sends(answer.location, f"{address}/told").location == answer.location
    page = visitor.sees(answer.location)
    assert entry.prompt_text in page
    assert "Ada" in page
    assert "Your best stands" in page
    assert visitor.client.get(address).location == answer.location, "there is no desk for another try"


def test_after_three_tries_the_prompt_is_told_and_a_fourth_is_refused(
    visitor: Visitor, prompt_id: str, hang: Hang
) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    address = f"/captions/{entry.id}"
    texts = ("one cat", "two cats", "three cats")
    for number, text in enumerate(texts):
        page = visitor.sees(address)
        assert all(earlier in page for earlier in texts[:number]), "one's own tries are there to learn from"
        assert entry.prompt_text not in page
        answer = visitor.sends(address, address, text=text)
    page = visitor.sees(answer.location)
    assert entry.prompt_text in page
    assert "Those were your three tries" in page
    assert all(text in page for text in texts)
    assert visitor.client.get(address).location.startswith(f"{address}?caption=")
    with visitor.client.session_transaction() as session:
        player = session["player"]
    with visitor.client.application.app_context(), pytest.raises(Conflict, match="your 3 tries"):
        captions.submit(entry.id, "a fourth cat", players.get(player))


def test_others_words_are_told_after_ones_own_tries(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    address = f"/captions/{entry.id}"
    somebody = Visitor(visitor.client.application.test_client())
    theirs = somebody.sends(address, address, text="a tiger of cats").location
    answer = visitor.sends(address, address, text="a cat")
    assert "tiger" not in visitor.sees(answer.location)
    assert "Its words are shown after your tries" in visitor.sees(answer.location)
    visitor.sends(answer.location, f"{address}/told")
    assert "tiger" in visitor.sees(answer.location)
    assert entry.prompt_text not in Visitor(visitor.client.application.test_client()).sees(theirs)


def test_nobody_is_told_before_their_first_try(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.sees(f"/captions/{entry.id}"))
    assert token
    answer = visitor.client.post(f"/captions/{entry.id}/told", data={"csrf_token": token[1]})
    assert answer.status_code == 409
    assert "Say what you see first" in answer.text


def test_words_that_fit_every_picture_are_told_so_at_once(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    address = f"/captions/{entry.id}"
    vague = visitor.sends(address, address, text="a nice picture")
    assert "would fit almost any picture" in visitor.sees(vague.location)
    precise = visitor.sends(address, address, text="a cat")
    page = visitor.sees(precise.location)
    assert "would fit almost any picture" not in page
    share = r'(?s)<th scope="row"><bdi>cat</bdi></th>.*? %</td>'
    assert re.search(share, page), "each word's share stands there without a script"


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
    assert "walking piano" not in visitor.sees(answer.location), "nor between one's own tries"
    visitor.sends(answer.location, f"/captions/{entry.id}/told")
    told = visitor.sees(answer.location)
    assert "The best by a machine" in told
    assert "The best by people" in told
    for page in (told, visitor.sees(f"/entries/{entry.id}")):
        line = next(line for line in re.split(r"<li[ >]", page)[1:] if '<q dir="auto">a walking piano</q>' in line)
        assert "side-machine" in line
        assert 'best of <span class="figures">1,234 phrases</span> tried' in line.replace("\u202f", ",")
        own = next(line for line in re.split(r"<li[ >]", page)[1:] if '<q dir="auto">a cat</q>' in line)
        assert "side-machine" not in own
    listed = visitor.client.get(f"/api/v1/entries/{entry.id}/captions").json["items"]
    assert {item["text"]: item["search"] for item in listed} == {
        "a cat": None, "a walking piano": {"guide": "embedded:main", "tried": 1234}
    }  # fmt: skip
    theirs = next(item["id"] for item in listed if item["search"])
    assert "guided by embedded:main, which is also the judge" in visitor.sees(f"/captions/{entry.id}?caption={theirs}")
