"""Answers are packed where that is safe and worth it, and stay the same answers."""

import gzip

import brotli
import pytest
from flask import Response

from game import forgery
from tests.conftest import doodle

API = "/api/v1"
ALL = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.mark.parametrize("path", ["/about", API + "/openapi.json"])
def test_pages_and_json_are_packed_as_the_browser_can_unpack_them(client, path):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    for accepted, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = client.get(path, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] == accepted
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 2
        assert unpack(packed.data)[:200] == plain.data[:200]


def test_a_packed_answer_that_has_not_changed_is_not_sent_again(client, ann, red_cat):
    entry = ann.draw(red_cat)
    path = f"{API}/entries/{entry['id']}/drawing.json"
    first = client.get(path, headers=ALL)
    again = client.get(path, headers={**ALL, "If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert client.get(path).headers["ETag"] != first.headers["ETag"] or "Content-Encoding" not in first.headers


def test_pictures_go_as_they_are(client, ann, red_cat):
    entry = ann.draw(red_cat)
    assert "Content-Encoding" not in client.get(f"{API}/entries/{entry['id']}/picture.png", headers=ALL).headers


def test_events_are_told_as_they_happen(app, client):
    app.add_url_rule("/<kind>", "told", lambda kind: Response(iter(["data: now\n\n"] * 200), mimetype=f"text/{kind}"))
    for kind in ("event-stream", "html"):
        assert "Content-Encoding" not in client.get(f"/{kind}", headers=ALL).headers


def test_an_answer_that_hands_out_a_token_is_not_packed(client):
    made = client.post(f"{API}/players", json={"name": "Ann"}, headers=ALL)
    assert made.status_code == 201
    assert "Content-Encoding" not in made.headers


def test_the_token_looks_different_in_each_answer_and_is_the_same(app, client, csrf, red_cat):
    one, other = csrf(client), csrf(client)
    bare = [forgery.unmask(token).split(".")[0] for token in (one, other)]
    assert bare[0] == bare[1], "the session's own part"
    shared = {one[i : i + 8] for i in range(len(one) - 8)} & {other[i : i + 8] for i in range(len(other) - 8)}
    assert shared == set()
    for token in (one, other):
        sent = client.post(f"{API}/prompts/{red_cat}/drawings", json=doodle(), headers={"X-CSRF-Token": token})
        assert sent.status_code == 201


@pytest.mark.parametrize("sent", ["", "a", "abc=", "ü", "AAAA", "=" * 40])
def test_what_was_never_masked_is_no_token(client, csrf, red_cat, sent):
    csrf(client)
    headers = {"X-CSRF-Token": sent.encode().decode("latin-1")}
    answer = client.post(f"{API}/prompts/{red_cat}/drawings", json=doodle(), headers=headers)
    assert answer.status_code == 400
