"""The door to the generator: what is let through, what is refused, and what is begun."""

import base64
from types import SimpleNamespace

import pytest
from PIL import Image

from game import painting, storage
from game.rules.refusals import Invalid

PICTURE = "data:image/png;base64," + base64.b64encode(storage.png(Image.new("RGB", (4, 4), "red"))).decode()


def test_settings_are_completed_and_wrong_ones_pointed_at(context):
    assert painting.check({"texts": [{"text": "a cat"}]})["prior"] == "strokes"
    assert painting.check({"texts": [{"text": "a cat"}]})["guide"] == "fake:colours", "the judge that sits"
    with pytest.raises(Invalid) as refused:
        painting.check({"texts": [{"text": "a cat", "weight": "much"}]})
    assert refused.value.pointer == "#/settings/texts/0/weight"
    with pytest.raises(Invalid) as refused:
        painting.check({"texts": [{"text": "a cat"}], "prior": "crayon"})
    assert refused.value.pointer == "#/settings/prior"


def test_no_file_of_this_machine_may_be_looked_at(context):
    sent = {"texts": [{"text": "a cat"}], "images": [{"image": PICTURE}]}
    assert painting.check(sent)["images"][0]["image"].startswith("data:")
    with pytest.raises(Invalid, match="data: URI") as refused:
        painting.check({**sent, "images": [*sent["images"], {"image": "/etc/passwd"}]})
    assert refused.value.pointer == "#/settings/images/1/image"
    for start in ("/etc/passwd", "drawing.json"):
        with pytest.raises(Invalid, match="data: URI") as refused:
            painting.check({**sent, "start": start})
        assert refused.value.pointer == "#/settings/start"


def test_a_run_may_begin_as_clouds_or_a_picture_that_can_be_read(context):
    sent = {"texts": [{"text": "a cat"}], "prior": "pixels"}
    assert [painting.check({**sent, "start": start})["start"] for start in ("perlin", PICTURE)] == ["perlin", PICTURE]
    with pytest.raises(Invalid, match="no picture that can be read") as refused:
        painting.check({**sent, "start": "data:image/png;base64,AAAA"})
    assert refused.value.pointer == "#/settings/start"


def test_a_line_becomes_texts_or_is_pointed_at(context):
    assert painting.texts("a cat:2 || 9 | a dog") == [
        {"text": "a cat", "weight": 2.0, "from_step": 0, "to_step": 9},
        {"text": "a dog", "weight": 1.0, "from_step": 9, "to_step": None},
    ]
    with pytest.raises(Invalid, match="Character 9 of the text: a text is missing"):
        painting.texts("a cat | | a dog")


def test_a_run_is_begun_with_all_its_guides(context, monkeypatch):
    import generator

    begun = []
    monkeypatch.setattr(painting.judging, "guide", lambda name: SimpleNamespace(name=name, device="cpu"))
    monkeypatch.setattr(generator, "generate", lambda settings, guides, *more: begun.append(guides))
    painting.begin({"texts": [{"text": "a cat"}], "guide": "one", "guides": [{"name": "two"}]}, None)
    assert [guide.name for guide in begun[0]] == ["one", "two"]
