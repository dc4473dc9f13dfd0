"""Pictures and checkpoints in an object store, spoken to over HTTP as Amazon's is."""

import pytest

from game import create_app, derived, storage
from game.settings import SettingError
from tests.game.bucket_server import serving

pytest.importorskip("obstore", reason="the extra [s3] is not installed")


@pytest.fixture
def bucket(monkeypatch):
    """A bucket server that the environment tells of, and what it holds."""
    with serving() as (address, held):
        for name, value in {
            "AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "here",
            "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        yield held


@pytest.fixture
def shared(bucket, make_app):
    app = make_app(STORE="s3://paintoff/objects")
    with app.app_context():
        yield bucket


def test_an_object_goes_to_the_bucket_signed_and_comes_back(shared):
    name = storage.put(b"a picture", ".png")
    assert list(shared.objects) == [f"paintoff/objects/{name[:2]}/{name}"]
    assert shared.asked == ["PUT AWS4-HMAC-SHA256"]
    assert storage.get(name) == b"a picture"
    assert [found for found, _ in storage.names()] == [name]
    assert not storage.root().exists()


def test_a_dropped_object_is_gone_and_dropping_again_does_nothing(shared):
    name = storage.put(b"x", ".ckpt")
    storage.drop(name)
    storage.drop(name)
    with pytest.raises(storage.ObjectMissing):
        storage.get(name)


def test_a_store_that_refuses_says_so_in_a_sentence(shared):
    shared.full = True
    with pytest.raises(storage.StoreTrouble, match="s3://paintoff/objects does not answer as it should"):
        storage.put(b"x", ".png")
    with pytest.raises(storage.StoreTrouble):
        storage.check()


def test_a_film_is_made_once_for_all_hosts(shared, make_app, tmp_path):
    made = []
    assert derived.kept("films", "f.webp", lambda: made.append(1) or b"film") == b"film"
    other = create_app({"DATA": tmp_path / "other", "STORE": "s3://paintoff/objects"})
    with other.app_context():
        assert derived.kept("films", "f.webp", lambda: made.append(2) or b"other") == b"film"
    assert made == [1]


def test_hosts_that_share_a_bucket_see_each_others_objects(shared, tmp_path):
    name = storage.put(b"seen", ".png")
    other = create_app({"DATA": tmp_path / "other", "STORE": "s3://paintoff/objects/"})
    with other.app_context():
        assert storage.get(name) == b"seen"


def test_what_is_no_address_is_told_at_the_start(tmp_path):
    with pytest.raises(SettingError, match="s3://bucket/folder"):
        create_app({"DATA": tmp_path, "STORE": "bucket"})
