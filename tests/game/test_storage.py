"""The object store: named by contents, kept once, never half written."""

import hashlib

import pytest

from game import storage


def test_an_object_is_found_under_the_hash_of_its_contents(context):
    name = storage.put(b"a picture", ".png")
    assert name == hashlib.sha256(b"a picture").hexdigest() + ".png"
    assert storage.get(name) == b"a picture"


def test_equal_contents_are_kept_once(context):
    assert storage.put(b"same", ".png") == storage.put(b"same", ".png")
    assert len([path for path in storage.root().rglob("*") if path.is_file()]) == 1


def test_a_dropped_object_is_gone_and_dropping_again_does_nothing(context):
    name = storage.put(b"x", ".ckpt")
    storage.drop(name)
    storage.drop(name)
    with pytest.raises(storage.ObjectMissing):
        storage.get(name)


@pytest.mark.parametrize(
    "name", ["", "../secret", "a" * 64, "A" * 64 + ".png", "a" * 64 + "/../x.png", "a" * 64 + ".png\n"]
)
def test_what_is_no_name_reaches_no_file(context, name):
    with pytest.raises(storage.ObjectMissing):
        storage.path(name)


def test_a_failed_write_leaves_the_old_file_and_no_remains(context, monkeypatch):
    target = storage.root() / "file"
    storage.write(target, b"old")

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="full"):
        storage.write(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in storage.root().iterdir()] == ["file"]
