"""The reverse player, with a guide that reads a caption back out of a picture's first pixels."""

import json
import zlib
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from generator import caption, grammar
from generator.captions import Settings, write
from generator.declare import SettingsError
from generator.grammar import Sentence, Thing

WORDS = ("cat", "dog", "horse", "scissors", "owl", "rain", "The Eiffel Tower", "fire hydrant")
DIM = 2048
WHITE = Image.new("RGB", (16, 16), "white")


class Reader:
    """A picture means `meant`; sentences are near when they share words, and nearest in the same order."""

    size, context_length, device = 8, 77, torch.device("cpu")

    def __init__(self, meant: str = "a cat") -> None:
        self.meant, self.read = meant, []

    def encode_images(self, pixels):
        return self._rows([self.meant] * len(pixels))

    def encode_texts(self, texts):
        self.read += texts
        return self._rows(texts)

    def count_tokens(self, text):
        return len(text.split()) + 2

    def _rows(self, texts):
        rows = np.zeros((len(texts), DIM), np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = text.replace(",", "").split()
            for part in (*words, *(f"{one} {other}" for one, other in pairwise(words))):
                row[zlib.crc32(part.encode()) % DIM] += 0.2 if part in ("a", "an", "and") else 1.0
        return functional.normalize(torch.from_numpy(rows), dim=1)


@pytest.mark.parametrize(
    "meant",
    [
        "an owl", "scissors", "three red cats", "a cat riding a horse", "a big dog under an owl",
        "an owl, scissors and a cat", "a dog above a cat and a horse", "a drawing of The Eiffel Tower",
    ],
)  # fmt: skip
def test_the_caption_that_the_picture_means_is_found(meant):
    found = write(WHITE, Reader(meant), WORDS)
    assert found.text == meant
    assert found.similarity == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("meant", ["a cat riding a horse", "words that nothing here can say"])
def test_more_budget_never_finds_worse_and_is_never_overspent(meant):
    last = -1.0
    for budget in (1, 3, 8, 20, 60, 150, 400, 1000):
        guide = Reader(meant)
        found = write(WHITE, guide, WORDS, Settings(budget=budget))
        assert found.similarity >= last
        assert found.tried == len(guide.read) == len(set(guide.read)) <= budget
        last = found.similarity


def test_the_same_words_for_the_same_seed():
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8))

    class Looker(Reader):
        def encode_images(self, pixels):
            return functional.normalize(functional.interpolate(pixels, (8, 8)).flatten(1) @ mixed, dim=1)

    mixed = torch.randn(192, DIM, generator=torch.Generator().manual_seed(1))
    first, again, other = (write(noise, Looker(), WORDS, Settings(seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first.similarity != other.similarity, "the views are others"
    assert write(noise, Looker(), WORDS, Settings(views=1)) == write(noise, Looker(), WORDS, Settings(views=1, seed=2))


def test_no_caption_is_longer_than_it_may_be():
    guide = Reader("a drawing of two big red cats riding three small blue horses and an owl")
    assert write(WHITE, guide, WORDS, Settings(longest=7)).text
    assert max(map(guide.count_tokens, guide.read)) == 7
    guide.context_length = 5
    write(WHITE, guide, WORDS)
    assert guide.count_tokens(guide.read[-1]) <= 5
    with pytest.raises(SettingsError, match="#/longest"):
        write(WHITE, Reader(), ["cat"], Settings(longest=3))
    with pytest.raises(SettingsError, match="#/vocabulary"):
        write(WHITE, Reader(), [" "])


def test_all_that_is_tried_can_be_read():
    tried = [Sentence((Thing("cat"),))]
    for _ in range(3):
        tried += [other for sentence in tried[-6:] for other in sentence.neighbours(WORDS)]
    for sentence in tried:
        assert len({thing.word for thing in sentence.things}) == len(sentence.things) <= grammar.MOST
    said = {sentence.text() for sentence in tried}
    assert not [text for text in said if "a owl" in text or "a rain" in text or "scissorss" in text or "  " in text]


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (Thing("owl"), "an owl"), (Thing("owl", colour="red"), "a red owl"), (Thing("hourglass"), "an hourglass"),
        (Thing("rain"), "rain"), (Thing("cactus"), "a cactus"), (Thing("wine glass", "two"), "two wine glasses"),
        (Thing("sheep", "many"), "many sheep"), (Thing("butterfly", "two", "big"), "two big butterflies"),
        (Thing("The Mona Lisa"), "The Mona Lisa"), (Thing("key", "five"), "five keys"),
    ],
)  # fmt: skip
def test_things_are_told_in_english(thing, text):
    assert thing.text() == text


def test_the_command_prints_the_caption(tmp_path, monkeypatch, capsys):
    WHITE.save(tmp_path / "picture.png")
    (tmp_path / "words").write_text("cat\ndog\n")
    monkeypatch.setattr(caption, "load_encoder", lambda spec, device: Reader("a dog"))
    words = [str(tmp_path / "picture.png"), "--words", str(tmp_path / "words"), "--budget", "9"]
    assert caption.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["text"], told["tried"], told["guide"]) == ("a dog", 9, "embedded:main")
    assert caption.main([*words, "--beams", "0"]) == 2
    assert "#/beams" in capsys.readouterr().err
    assert caption.main([str(tmp_path / "none.png")]) == 2
