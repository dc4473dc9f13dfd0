"""What a device keeps of the game: a manifest, a worker for the static files as they are, a page that is nobody's."""

import json
import re
import shutil
from io import BytesIO

from flask import Flask
from PIL import Image

from tests.game.pages.conftest import Visitor


def test_the_manifest_names_icons_that_are_there_in_the_sizes_it_says(visitor: Visitor) -> None:
    answer = visitor.client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.text)
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        picture = Image.open(BytesIO(visitor.client.get(icon["src"]).data))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_pages_tell_of_manifest_icon_and_both_lights(visitor: Visitor) -> None:
    page = visitor.sees("/")
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert touch
    assert visitor.client.get(touch[1]).mimetype == "image/png"
    assert len(re.findall(r'<meta name="theme-color" media="\(prefers-color-scheme: (?:light|dark)\)"', page)) == 2


def test_the_worker_is_another_one_as_soon_as_a_static_file_changes(app: Flask, visitor: Visitor, tmp_path) -> None:
    static = shutil.copytree(app.static_folder, tmp_path / "static")
    app.static_folder = str(static)
    first = visitor.client.get("/worker.js")
    assert (first.mimetype, first.headers["Cache-Control"]) == ("text/javascript", "public, no-cache")
    assert visitor.sees("/worker.js") == first.text
    (static / "css" / "base.css").write_text("a {}")
    assert visitor.sees("/worker.js") != first.text


def test_all_that_the_worker_keeps_is_there_and_all_that_the_offline_page_wears_is_kept(visitor: Visitor) -> None:
    script = visitor.sees("/worker.js")
    worn = json.loads(re.search(r"^const WORN = (.+);$", script, re.MULTILINE)[1])
    for address in worn:
        assert visitor.client.get(address).headers["Cache-Control"].endswith("immutable"), address
    wanted = re.findall(r'(?:href|src)="(/static/[^"]+)"', visitor.sees("/offline"))
    assert wanted
    assert set(wanted) <= set(worn)


def test_the_offline_page_holds_nobodys_session(visitor: Visitor) -> None:
    visitor.sees("/")
    answer = visitor.client.get("/offline")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text
