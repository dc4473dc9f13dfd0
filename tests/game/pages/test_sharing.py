"""What leaves the site: short links, cards, films, frames on other sites, feeds."""

import io
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from game.rules import films, moderation, prompts
from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def entry(prompt_id: str, hang: Hang) -> EntryView:
    """A drawing on the wall."""
    return hang(prompt_id, "cat", "Ada <b>")


def meta(page: str) -> dict[str, str]:
    """What a page tells other sites."""
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def got(visitor: Visitor, address: str, status: int = 200) -> TestResponse:
    """The answer at an address, which may have a host of ours."""
    parts = urlsplit(address)
    answer = visitor.client.get(parts._replace(scheme="", netloc="").geturl())
    assert answer.status_code == status, (address, answer.status)
    return answer


@pytest.mark.parametrize("page", ["", "/verdict"])
def test_other_sites_are_told_prompt_rank_and_card(visitor: Visitor, entry: EntryView, page: str) -> None:
    told = meta(visitor.sees(f"/entries/{entry.id}{page}"))
    assert told["og:title"] == entry.prompt_text
    assert told["og:description"].startswith("Ada <b> drew this: rank 1 of 1, a better fit than ")
    assert told["og:url"] == f"http://localhost/entries/{entry.id}"
    assert told["twitter:card"] == "summary_large_image"
    card = got(visitor, told["og:image"])
    assert card.mimetype == "image/png"
    assert Image.open(io.BytesIO(card.data)).size == (int(told["og:image:width"]), int(told["og:image:height"]))
    assert card.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in card.headers


def test_another_rank_is_another_card(visitor: Visitor, prompt_id: str, entry: EntryView, hang: Hang) -> None:
    before = meta(visitor.sees(f"/entries/{entry.id}"))["og:image"]
    card = got(visitor, before)
    hang(prompt_id, "house")
    after = meta(visitor.sees(f"/entries/{entry.id}"))["og:image"]
    assert after != before
    assert got(visitor, after).data != card.data
    assert visitor.client.get(after, headers={"If-None-Match": got(visitor, after).headers["ETag"]}).status_code == 304


def test_the_line_ends_with_a_short_link_that_leads_to_the_entry(visitor: Visitor, entry: EntryView) -> None:
    page = visitor.sees(f"/entries/{entry.id}/verdict")
    line = unescape(re.search(r"data-line>([^<]+)</textarea>", page)[1])
    assert line.startswith(f"“{entry.prompt_text}” by Ada <b>: rank 1 of 1.")
    link = re.search(r"http://localhost/s/\w{6}$", line)[0]
    assert got(visitor, link, 302).location == f"/entries/{entry.id}"
    got(visitor, "/s/zzzzzz", 404)


@pytest.mark.parametrize(("kind", "media"), [("webp", "image/webp"), ("gif", "image/gif")])
def test_a_film_can_be_taken_along(visitor: Visitor, entry: EntryView, kind: str, media: str) -> None:
    page = visitor.sees(f"/entries/{entry.id}")
    answer = got(visitor, re.search(rf'href="([^"]+film\.{kind})"', page)[1])
    assert answer.mimetype == media
    assert Image.open(io.BytesIO(answer.data)).n_frames > 2
    assert answer.cache_control.public
    got(visitor, f"/entries/{entry.id}/film.avi", 404)


def test_where_no_mp4_can_be_made_none_is_offered_and_the_answer_says_why(
    visitor: Visitor, entry: EntryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "kinds", lambda: ("webp", "gif"))
    assert "film.mp4" not in visitor.sees(f"/entries/{entry.id}")
    assert "PyAV is not installed" in visitor.sees(f"/entries/{entry.id}/film.mp4", 409)


def test_while_other_films_are_made_one_is_told_when_to_come_back(
    visitor: Visitor, entry: EntryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "PATIENCE", 0)
    with films._desk:
        answer = got(visitor, f"/entries/{entry.id}/film.gif", 503)
    assert "Retry-After" in answer.headers
    assert "Other films are being made" in answer.text


def test_only_the_frame_may_stand_on_other_sites(visitor: Visitor, entry: EntryView) -> None:
    page = got(visitor, f"/entries/{entry.id}")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    code = unescape(re.search(r"readonly dir=\"ltr\" spellcheck=\"false\">([^<]+)</textarea>", page.text)[1])
    framed = got(visitor, re.fullmatch(r'<iframe src="([^"]+)" .*></iframe>', code)[1])
    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self'" in policy
    assert "X-Frame-Options" not in framed.headers
    assert "Set-Cookie" not in framed.headers
    assert entry.prompt_text in framed.text
    assert "Ada &lt;b&gt;" in framed.text
    assert "<form" not in framed.text, "nothing that a click could be stolen for"


def test_oembed_answers_with_the_frame_in_the_size_asked_for(visitor: Visitor, entry: EntryView) -> None:
    page = visitor.sees(f"/entries/{entry.id}")
    found = re.search(r'type="application/json\+oembed"[^>]* href="([^"]+)"', page)[1]
    told = got(visitor, unescape(found)).json
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", entry.prompt_text)
    assert f'src="http://localhost/entries/{entry.id}/embed"' in told["html"]
    assert got(visitor, told["thumbnail_url"]).mimetype == "image/png"
    small = got(visitor, unescape(found) + "&maxwidth=300&maxheight=10").json
    assert (small["width"], small["height"]) == (300, 360)
    assert 'width="300"' in small["html"]


@pytest.mark.parametrize("address", ["", "http://elsewhere/entries/{}", "http://localhost/prompts/{}", "nonsense"])
def test_oembed_knows_only_our_entries(visitor: Visitor, entry: EntryView, address: str) -> None:
    answer = visitor.client.get("/oembed", query_string={"url": address.format(entry.id)})
    assert answer.status_code == 404
    own = {"url": f"http://localhost/entries/{entry.id}", "format": "xml"}
    assert visitor.client.get("/oembed", query_string=own).status_code == 501


def test_what_does_not_hang_is_not_passed_on(
    app: Flask, visitor: Visitor, admin: Visitor, prompt_id: str, entry: EntryView
) -> None:
    with app.app_context():
        moderation.decide(entry.id, "hidden", "not nice", None)
    for ending in ("card.png", "film.gif", "embed", "verdict/marks"):
        got(visitor, f"/entries/{entry.id}/{ending}", 302 if ending.endswith("marks") else 404)
    got(visitor, f"/oembed?url=http://localhost/entries/{entry.id}", 404)
    assert entry.id not in visitor.sees(f"/prompts/{prompt_id}/best.atom")
    page = admin.sees(f"/entries/{entry.id}")
    assert "data-share" not in page
    assert "og:image" not in page
    got(admin, f"/entries/{entry.id}/embed", 404)
    assert not got(admin, f"/entries/{entry.id}/card.png").cache_control.public


def test_the_feed_has_the_best_of_a_prompt_in_their_order(
    app: Flask, visitor: Visitor, prompt_id: str, entry: EntryView, hang: Hang
) -> None:
    hung = [entry, *(hang(prompt_id, word) for word in ("house", "key"))]
    with app.app_context():
        text = prompts.get(prompt_id).text
    found = re.findall(r'href="([^"]+best\.atom)"', visitor.sees(f"/prompts/{prompt_id}"))
    assert len(found) == 2, "one for feed readers, one for people"
    answer = got(visitor, found[0])
    assert answer.mimetype == "application/atom+xml"
    assert answer.cache_control.public
    feed = ElementTree.fromstring(answer.text)
    assert text in feed.findtext(f"{ATOM}title")
    best = sorted(hung, key=lambda each: -each.similarity)
    entries = feed.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}id") for each in entries] == [f"http://localhost/entries/{each.id}" for each in best]
    assert "Ada <b>" in [each.findtext(f"{ATOM}author/{ATOM}name") for each in entries]
    pictured = re.search(r'src="([^"]+)"', entries[0].findtext(f"{ATOM}content"))[1]
    assert got(visitor, pictured).mimetype == "image/png"
    assert feed.findtext(f"{ATOM}updated") == max(each.created_at for each in hung).isoformat()
    again = visitor.client.get(f"/prompts/{prompt_id}/best.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_empty_prompt_has_a_feed_and_an_unknown_one_none(visitor: Visitor, prompt_id: str) -> None:
    feed = ElementTree.fromstring(got(visitor, f"/prompts/{prompt_id}/best.atom").text)
    assert feed.findall(f"{ATOM}entry") == []
    got(visitor, "/prompts/nowhere/best.atom", 404)
