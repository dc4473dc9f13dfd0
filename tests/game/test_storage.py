"""The object store: named by contents, kept once, never half written."""

import hashlib
import os
import subprocess

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


@pytest.fixture
def small_disk(make_app, tmp_path):
    """A disk of 256 kB below the objects."""
    app = make_app()
    with app.app_context():
        storage.root().mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(storage.root())], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("only root may mount a small disk")
        yield
        subprocess.run(["umount", str(storage.root())], check=True)


def test_a_full_disk_is_told_in_a_sentence_and_leaves_no_remains(small_disk):
    kept = storage.put(b"small", ".png")
    with pytest.raises(storage.StoreTrouble, match=r"no space left on the disk of .*objects\. Make room there"):
        storage.put(os.urandom(400_000), ".ckpt")
    assert [name for name, _ in storage.names()] == [kept]
    assert [path.name for path in storage.root().rglob(".new-*")] == []
