"""Static files: kept for good under addresses that change with them, packed as the browser can unpack, never mixed."""

import gzip

import brotli
import pytest

from game import ROOT, assets

LIVELY = "a { color: red; }\n" * 100


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """A static folder of our own with a style sheet and a font in it."""
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_text(LIVELY)
    (tmp_path / "letters.woff2").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "small.js").write_text("1;")
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    return tmp_path


@pytest.fixture
def address(app):
    """Tells the address of a file, as a new request would be told."""

    def tell(name):
        with app.test_request_context():
            return assets.asset(name)

    return tell


def test_a_file_is_kept_for_good_under_its_present_address_only(client, folder, address):
    first = address("css/a.css")
    assert client.get(first).headers["Cache-Control"] == "max-age=31536000, immutable"
    assert client.get("/static/css/a.css").headers["Cache-Control"] == "no-cache"
    (folder / "css" / "a.css").write_text(LIVELY + "b {}")
    assert address("css/a.css") != first
    late = client.get(first)
    assert late.headers["Cache-Control"] == "no-cache", "a page of the last release asks for what is no more"
    assert late.text.endswith("b {}")


def test_a_change_of_one_file_gives_its_neighbours_new_addresses_so_that_releases_never_mix(folder, address):
    first = address("css/a.css")
    (folder / "small.js").write_text("12;")
    assert address("css/a.css") != first
    assert address("missing.css").endswith("/missing.css")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), (None, None)],
)
def test_a_file_is_packed_as_the_browser_can_unpack_it(client, folder, accepted, encoding):
    answer = client.get("/static/css/a.css", headers={"Accept-Encoding": accepted} if accepted else {})
    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(answer.data).decode() == LIVELY
    assert len(answer.data) == int(answer.headers["Content-Length"])


def test_what_is_packed_or_tiny_already_goes_as_it_is(client, folder):
    everything = {"Accept-Encoding": "br, gzip"}
    assert "Content-Encoding" not in client.get("/static/letters.woff2", headers=everything).headers
    assert client.get("/static/letters.woff2").mimetype == "font/woff2"
    assert "Content-Encoding" not in client.get("/static/small.js", headers=everything).headers


def test_an_unchanged_file_is_not_sent_again_however_it_was_packed(client, folder):
    for accepted in ("br", "gzip", "identity"):
        asked = {"Accept-Encoding": accepted}
        tag = client.get("/static/css/a.css", headers=asked).headers["ETag"]
        again = client.get("/static/css/a.css", headers={**asked, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        other = "gzip" if accepted == "br" else "br"
        assert client.get("/static/css/a.css", headers={"Accept-Encoding": other}).headers["ETag"] != tag
    (folder / "css" / "a.css").write_text(LIVELY * 2)
    assert client.get("/static/css/a.css", headers={**asked, "If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("name", ["nothing.css", "css", "../secret", "%2e%2e/secret", "v-0/../../secret"])
def test_there_is_nothing_beside_the_folder(client, folder, name):
    (folder.parent / "secret").write_text("secret")
    assert client.get(f"/static/{name}").status_code == 404


def test_a_drawing_can_do_nothing_by_itself_and_no_file_brings_a_session(client, folder):
    (folder / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    headers = client.get("/static/a.svg").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    for name in ("a.svg", "css/a.css"):
        headers = client.get(f"/static/{name}").headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers


def test_a_packed_script_leaves_its_remarks_at_home(client, folder):
    script = "// Says hello.\n" + "let a = 1; // one\n" * 60 + "    // and no more\n"
    (folder / "a.js").write_text(script)
    assert client.get("/static/a.js").text == script
    packed = client.get("/static/a.js", headers={"Accept-Encoding": "br"})
    assert brotli.decompress(packed.data).decode() == "let a = 1; // one\n" * 60


def test_no_line_of_a_text_is_taken_for_a_remark():
    for path in (ROOT / "static").rglob("*.js"):
        script = path.read_bytes()
        for remark in assets.REMARK.finditer(script):
            assert script[: remark.start()].count(b"`") % 2 == 0, f"{path.name}: {remark[0]!r} is within a text"
