"""Prompts: written, opened, closed, reworded, seeded with words that the embedded judge knows."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from game.rules import entries, prompts
from game.rules.refusals import Conflict, Invalid, Missing
from game.tables import now

ROOT = Path(__file__).parents[3]
COLOURS = "red|orange|yellow|green|blue|purple|pink|brown|black|grey"
RELATIONS = (
    "above|below|under|over|on top of|on|riding|driving|sitting on|standing on|wearing|carrying|and|next to|with|beside"
    "|holding|eating|playing|using|looking at"
)


def seeded() -> dict[str, list[str]]:
    """The lists of prompts.toml."""
    return tomllib.loads((ROOT / "game" / "rules" / "prompts.toml").read_text("utf-8"))


def is_understood(text: str) -> bool:
    """Whether a text is one or two of the judge's words, perhaps coloured, in one of the relations it was taught."""
    words = set((ROOT / "scorer" / "vocabulary.txt").read_text("utf-8").splitlines())

    def thing(part: str) -> bool:
        return re.sub(rf"^(an? )?(({COLOURS}) )?", "", part) in words

    return thing(text) or any(
        thing(text[: found.start()]) and thing(text[found.end() :]) for found in re.finditer(rf" ({RELATIONS}) ", text)
    )


def test_every_prompt_of_the_embedded_judge_is_made_of_words_it_knows():
    texts = seeded()["embedded"]
    assert len(texts) >= 60
    assert "a raccoon driving a tractor" in texts
    assert [text for text in texts if not is_understood(text)] == []


def test_the_check_sees_words_the_judge_does_not_know():
    assert not is_understood("a wizard")
    assert not is_understood("a penguin on a surfboard")
    assert not is_understood("a cat despite a dog")


def test_articles_fit_their_words():
    for text in seeded()["embedded"]:
        for article, letter in re.findall(r"\b(an?) (\w)", text):
            assert (article == "an") == (letter in "aeiou"), text


def test_no_prompt_is_there_twice():
    texts = [text for kind in seeded().values() for text in kind]
    assert len(texts) == len(set(texts))


def test_seeding_opens_those_of_the_embedded_judge_and_holds_the_others_back(context, judge):
    lists = seeded()
    assert prompts.seed() == len(lists["embedded"]) + len(lists["clip"])
    page = prompts.listing("new", None, 200)
    assert [view.text for view in page.items] == lists["embedded"]
    held_back = [view for view in prompts.listing("new", None, 200, state=None).items if view.needs_clip]
    assert {view.state for view in held_back} == {"closed"}
    with pytest.raises(Conflict):
        prompts.require_open(held_back[0].id)
    judge.embedded = False
    assert prompts.listing("new", None, 200).next is None
    assert prompts.get(held_back[0].id).state == "open"
    prompts.require_open(held_back[0].id)


def test_seeding_again_adds_nothing_even_after_rewording(context):
    prompts.seed()
    prompts.update(prompts.listing("new", None, 1).items[0].id, text="a fox driving a tractor")
    assert prompts.seed() == 0


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\x00cat"])
def test_a_text_that_will_not_do_is_refused(context, text):
    with pytest.raises(Invalid) as refusal:
        prompts.add(text)
    assert refusal.value.pointer == "#/text"


def test_the_same_words_twice_are_refused(context):
    prompts.add("a cat")
    with pytest.raises(Conflict):
        prompts.add(" a  cat ")


def test_a_prompt_closes_by_hand_and_by_time(context, red_cat):
    assert prompts.update(red_cat.id, state="closed").state == "closed"
    with pytest.raises(Conflict):
        prompts.require_open(red_cat.id)
    assert prompts.update(red_cat.id, state="open").state == "open"
    assert prompts.update(red_cat.id, closes_at=now() - timedelta(seconds=1)).state == "closed"
    assert prompts.listing("new", None, 9).items == []
    assert prompts.update(red_cat.id, state="open").state == "open"
    assert prompts.get(red_cat.id).closes_at is None
    with pytest.raises(Invalid):
        prompts.update(red_cat.id, state="ajar")


def test_what_does_not_exist_is_missing(context):
    for ask in (prompts.get, prompts.require_open, prompts.update):
        with pytest.raises(Missing):
            ask("nowhere")
    with pytest.raises(Missing):
        prompts.random()


def test_random_picks_an_open_one(context, red_cat):
    prompts.update(prompts.add("a blue dog").id, state="closed")
    assert {prompts.random().id for _ in range(12)} == {red_cat.id}


def test_the_most_drawn_come_first_and_pages_follow_each_other(context, red_cat, ann, enter):
    ids = [prompts.add(f"a blue thing {number}").id for number in range(3)]
    for prompt_id, times in ((ids[1], 2), (ids[0], 1)):
        for number in range(times):
            enter(prompts.get(prompt_id), ann, "blue", None, 0.5, number)
    first = prompts.listing("popular", None, 2)
    rest = prompts.listing("popular", first.next, 2)
    assert [(view.id, view.entries) for view in first.items] == [(ids[1], 2), (ids[0], 1)]
    assert {view.id for view in rest.items} == {ids[2], red_cat.id}
    assert rest.next is None
    with pytest.raises(Invalid):
        prompts.listing("loud", None, 2)


def test_a_prompt_shows_the_best_of_both_sides(context, red_cat, ann, machine, enter):
    enter(red_cat, ann, "blue")
    best = enter(red_cat, ann, "red")
    painted = enter(red_cat, machine, "red", "blue")
    view = prompts.get(red_cat.id)
    assert (view.best_human.id, view.best_ai.id, view.entries) == (best.id, painted.id, 3)
    assert (view.best_human.rank, view.best_ai.rank, view.best_ai.of) == (1, 2, 3)


def test_rewording_judges_the_entries_anew(context, red_cat, ann, enter):
    red, blue = enter(red_cat, ann, "red"), enter(red_cat, ann, "blue")
    prompts.update(red_cat.id, text="a blue cat")
    assert entries.get(blue.id).similarity > 0.9 > entries.get(red.id).similarity
    assert (entries.get(blue.id).rank, entries.get(red.id).rank) == (1, 2)
