"""What an embedded judge is trained on: scenes, their captions, and pictures of nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from scorer.training.canvas import Canvas
from scorer.training.captions import RELATIONS, Writer, plural
from scorer.training.compose import Composer, Lore
from scorer.training.data import SIDE, Drawings
from scorer.training.icons import Icons
from scorer.training.nothing import ALL, Nothing
from scorer.training.scenes import NAMES, Mix, Stage, colours_of, words_of

WORDS = ["bird", "cat", "house", "scissors"]
COUNTS = {"one": [1], "two": [2], "several": range(2, 8), "group": range(3, 6), "mixed": [3, 4]}
KINDS = {"bird": ["animal"], "cat": ["animal", "pet"]}
ICONS = Icons(np.full((3, 64, 64, 4), 255, np.uint8), [["cat"], ["rocket"], ["anchor"]], np.array([0, 1, 2]))
LORE = Lore(ICONS, KINDS, [*WORDS, *(f"word{k}" for k in range(60))], np.eye(64, dtype=np.float32), len(WORDS))


@pytest.fixture(scope="module")
def drawings() -> Drawings:
    """Two drawings of each word: a frame, drawn from left to right, thinner in the second."""
    names = [word for word in WORDS for _ in range(2)]
    masks = np.zeros((len(names), SIDE, SIDE), np.uint8)
    for row in range(len(names)):
        wide = 4 - row % 2
        masks[row, 12:-12, 12:-12] = 127
        masks[row, 12 + wide : -12 - wide, 12 + wide : -12 - wide] = 128
    moments = np.broadcast_to(np.linspace(0, 255, SIDE).astype(np.uint8), masks.shape)
    return Drawings(masks, moments, names, without=())


def stage(drawings: Drawings, mix: Mix, seed: int = 0) -> Stage:
    rng = np.random.default_rng(seed)
    return Stage(drawings, Writer(drawings.words, rng, kinds=KINDS), rng, mix)


def test_words_can_be_left_out_of_the_drawings(drawings: Drawings) -> None:
    fewer = Drawings(drawings.masks, drawings.moments, [word for word in WORDS for _ in range(2)], without=("cat",))
    assert fewer.words == ["bird", "house", "scissors"]
    assert fewer.rows.tolist() == [0, 1, 4, 5, 6, 7]
    assert [fewer.of(word).tolist() for word in range(3)] == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize("kind", ["one", "two", "several", "group", "mixed"])
def test_a_scene_of_every_kind_stays_on_the_canvas_and_says_what_it_shows(drawings: Drawings, kind: str) -> None:
    made = stage(drawings, Mix(plain=0.5, variety=1.0))
    for _ in range(60):
        scene = made.scene(kind)
        assert scene.caption
        assert scene.caption not in (scene.changed, scene.exchanged)
        assert all(abs(x) <= 1 and abs(y) <= 1 for x, y, *_ in (thing.place for thing in scene.things))
        assert len(scene.things) in COUNTS[kind]


def test_the_count_in_a_caption_is_the_count_of_things(drawings: Drawings) -> None:
    numbers = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
    made = stage(drawings, Mix())
    seen = set()
    for _ in range(100):
        scene = made.scene("several")
        first = str(scene.caption).split()[0]
        if first in numbers:
            seen.add(first)
            assert len(scene.things) == numbers[first]
            assert not str(scene.changed).startswith(f"{first} ")
        else:
            assert len(scene.things) >= 5
        assert drawings.words[scene.things[0].word] != "scissors", "what has no singular is not counted"
    assert len(seen) >= 4


def test_what_is_said_to_be_above_lies_above(drawings: Drawings) -> None:
    above = next(k for k, relation in enumerate(RELATIONS) if relation.place == "above")
    made = stage(drawings, Mix(relations=tuple(float(k == above) for k in range(len(RELATIONS)))))
    for _ in range(50):
        scene = made.scene("two")
        first, second = scene.things
        assert first.place[1] < second.place[1]
        assert scene.placed == (first.word, second.word, -1, -1)
        if first.word != second.word:
            assert scene.exchanged


def test_small_and_unfinished_things_are_drawn_so(drawings: Drawings) -> None:
    made = stage(drawings, Mix(variety=1.0), seed=3)
    scenes = [made.scene("one") for _ in range(400)]
    said = [scene for scene in scenes if any(f" {word} " in f" {scene.caption} " for word in ("small", "tiny"))]
    assert said
    assert all(abs(scene.things[0].place[2]) < 0.65 for scene in said)
    assert any(scene.things[0].until < 1 for scene in scenes)


def test_a_kind_fits_every_thing_of_that_kind(drawings: Drawings) -> None:
    made = stage(drawings, Mix(variety=1.0), seed=5)
    scenes = [scene for scene in (made.scene("one") for _ in range(400)) if scene.also]
    assert {word for scene in scenes for word in ("animal", "pet") if word in str(scene.caption)} == {"animal", "pet"}
    for scene in scenes:
        assert scene.also == (frozenset({0, 1}) if "animal" in str(scene.caption) else frozenset({1}))


def test_a_seed_fixes_a_batch(drawings: Drawings) -> None:
    mix = Mix({"one": 0.5, "two": 0.2, "several": 0.1, "nothing": 0.2}, bend=0.05, variety=1.0)
    first, second = (Composer(drawings, torch.device("cpu"), LORE).batch((1, 2), 24, 32, mix) for _ in range(2))
    assert torch.equal(first.pixels, second.pixels)
    assert first.captions == second.captions
    assert first.pixels.shape == (24, 3, 32, 32)
    assert 0 <= float(first.pixels.min()) <= float(first.pixels.max()) <= 1


def test_captions_that_fit_another_picture_are_not_held_against_it(drawings: Drawings) -> None:
    batch = Composer(drawings, torch.device("cpu"), LORE).batch((4,), 64, 32, Mix({"one": 1.0}, variety=1.0))
    things = batch.things[:, 0].tolist()
    for column, row in enumerate(batch.said.tolist()):
        caption = str(batch.captions[row])
        for other, thing in enumerate(things):
            fits = thing == things[row] or ("animal" in caption and thing in (0, 1))
            assert bool(batch.also[other, column]) == (fits and other != row)


def test_an_unfinished_drawing_lacks_what_came_last(drawings: Drawings) -> None:
    composer = Composer(drawings, torch.device("cpu"))
    made = stage(drawings, Mix(plain=1.0))
    scene = made.scene("one")
    straight = replace(scene.things[0], place=(0.0, 0.0, 1.0, 1.0, 0.0))
    rng = np.random.default_rng(0)
    canvas = Canvas(drawings, composer.device, rng, bend=0.0)
    half = canvas.paint([replace(scene, things=(replace(straight, until=0.5),))], SIDE)[0]
    assert float(half[:, :, : SIDE // 2].min()) < 0.2
    assert float(half[:, :, SIDE // 2 + 2 :].min()) > 0.9


def test_pictures_of_nothing_are_of_every_way(drawings: Drawings) -> None:
    pytest.importorskip("HersheyFonts", reason="training's stroke letters: pip install -e '.[training]'")
    rng = np.random.default_rng(0)
    nothing = Nothing(rng, WORDS)
    paper, other = np.ones((3, 32, 32), np.float32), rng.random((3, 32, 32)).astype(np.float32)
    made = [nothing.instead_of(paper, other, varied=True) for _ in range(8 * ALL)]
    assert all(one.shape == (3, 32, 32) and 0 <= one.min() <= one.max() <= 1 for one in made)
    assert len({one.tobytes() for one in made}) > 5 * ALL, "but for the empty sheet no picture comes twice"


def test_words_of_names_two_things(drawings: Drawings) -> None:
    made = stage(drawings, Mix())
    scenes = [made.scene("one"), made.scene("two")]
    rows = words_of(scenes)
    assert rows[0, 0] == rows[0, 1]
    assert rows[1].tolist() == [thing.word for thing in scenes[1].things]


def test_an_icon_is_painted_and_known_by_its_names(drawings: Drawings) -> None:
    mix = Mix({"icon": 0.7, "one": 0.3})
    batch = Composer(drawings, torch.device("cpu"), LORE).batch((9,), 96, 32, mix)
    said = " ".join(str(caption) for caption in batch.captions)
    assert "rocket" in said
    assert "anchor" in said
    cats = [row for row, caption in enumerate(batch.captions) if "cat" in str(caption)]
    column = batch.said.tolist().index(cats[0])
    assert batch.also[cats[1], column], "a drawn cat and a cat's icon are both cats"
    assert float(batch.pixels.min()) < 0.5


def test_colours_are_known_of_pictures_and_of_captions(drawings: Drawings) -> None:
    made = stage(drawings, Mix(plain=0.3))
    scenes = [made.scene(kind) for kind in ("one", "two") for _ in range(60)]
    shown, named = colours_of(scenes)
    for row, scene in enumerate(scenes):
        assert set(np.flatnonzero(shown[row])) == {NAMES.index(thing.colour) for thing in scene.things}
        assert all(NAMES[k] in str(scene.caption) for k in np.flatnonzero(named[row]))
    assert (named <= shown).all(), "only what is shown is said"
    assert named.any(1).sum() > 20


def test_an_icon_without_icons_is_refused(drawings: Drawings) -> None:
    with pytest.raises(ValueError, match="give them to the Composer"):
        Composer(drawings, torch.device("cpu")).batch((9,), 4, 32, Mix({"icon": 1.0}))


@pytest.mark.parametrize(
    ("one", "many"), [("cat", "cats"), ("bus", "buses"), ("church", "churches"), ("strawberry", "strawberries"),
                      ("monkey", "monkeys"), ("foot", "feet"), ("sheep", "sheep")]
)  # fmt: skip
def test_plurals(one: str, many: str) -> None:
    assert plural(one) == many
