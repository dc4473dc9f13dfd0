"""Request bodies: what is refused, and how."""

import gzip
import io
import json
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.api import bodies
from tests.conftest import doodle
from tests.game.api.conftest import check_problem

JSON = {"Content-Type": "application/json"}
GZIP = {**JSON, "Content-Encoding": "gzip"}


@pytest.fixture
def send(ann, red_cat):
    """Sends bytes where a drawing belongs."""

    def post(body, headers):
        return ann("POST", f"/prompts/{red_cat}/drawings", data=body, headers=headers)

    return post


def test_a_gzipped_drawing_is_as_good_as_a_plain_one(send):
    body = json.dumps(doodle()).encode()
    assert send(gzip.compress(body), GZIP).status_code == 201
    assert send(body, JSON).status_code == 201


def test_what_is_no_json_is_refused(send):
    for body in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}', b"1" * 5000):
        check_problem(send(body, JSON), 400)


def test_only_json_is_taken(send):
    body = json.dumps(doodle()).encode()
    check_problem(send(body, {"Content-Type": "text/plain"}), 415)
    check_problem(send(body, {}), 415)
    check_problem(send(body, {**JSON, "Content-Encoding": "br"}), 415)


def test_what_says_it_is_gzip_has_to_be(send):
    body = json.dumps(doodle()).encode()
    for packed in (body, gzip.compress(body)[:-9], b""):
        check_problem(send(packed, GZIP), 400)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(send):
    check_problem(send(b" " * (512 * 1024 + 1), JSON), 413)


def test_a_small_body_that_unpacks_to_a_large_one_is_refused(send, monkeypatch):
    bomb = gzip.compress(b" " * (200 * 1024 * 1024))
    assert len(bomb) < 512 * 1024
    largest = 0
    real = zlib.decompressobj

    class Watched:
        def __init__(self, **options):
            self._inflater = real(**options)

        def decompress(self, data, limit):
            nonlocal largest
            out = self._inflater.decompress(data, limit)
            largest = max(largest, len(out))
            return out

    monkeypatch.setattr(bodies.zlib, "decompressobj", Watched)
    check_problem(send(bomb, GZIP), 413)
    assert largest <= bodies.UNPACKED_LIMIT + 1


def test_a_body_without_a_length_is_bounded_too(app, ann, red_cat):
    class Endless(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = b" " * len(buffer)
            return len(buffer)

    path = f"/prompts/{red_cat}/drawings"
    answer = ann("POST", path, headers=JSON, environ_overrides={"wsgi.input": Endless(), "wsgi.input_terminated": True})
    check_problem(answer, 413)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"palette": ["#ffffff"]}, "#/palette"),
        ({"format": 2}, "#/format"),
        ({"brush": "big"}, "#/brush"),
        ({"ops": [{"op": "stroke", "color": 1, "pts": [[0, 0, 16, 0], [0, 0.5, 16, 1]]}]}, "#/ops/0/pts/1/1"),
        ({"ops": [{"op": "fill", "color": 99, "x": 0, "y": 0}]}, "#/ops/0/color"),
    ],
)
def test_a_wrong_drawing_is_refused_with_a_pointer(ann, red_cat, change, pointer):
    answer = ann.post(f"/prompts/{red_cat}/drawings", {**doodle(), **change})
    told = check_problem(answer, 422)
    assert any(mistake["pointer"].startswith(pointer) for mistake in told["errors"])


def test_an_empty_canvas_is_no_drawing(ann, red_cat):
    check_problem(ann.post(f"/prompts/{red_cat}/drawings", {**doodle(), "ops": []}), 422, "#/ops")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["format", "ops", "palette", "bg", "size", "pts", "text", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_sent_is_answered_with_a_problem_and_never_fails(ann, red_cat, value):
    body = json.dumps(value).encode()
    for path in (f"/prompts/{red_cat}/drawings", "/similarity", "/arena/votes"):
        answer = ann("POST", path, data=body, headers=JSON)
        assert answer.status_code in {400, 404, 422}
        assert answer.mimetype == "application/problem+json"
