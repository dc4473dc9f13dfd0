"""Steering: orders take effect at their step, are refused before they do harm, and can be repeated."""

from typing import Any

import pytest

from generator import Settings, SettingsError, Steering, generate
from generator.steer import Order, steered
from tests.generator import runs
from tests.generator.fakes import Guide
from tests.generator.runs import last, same

BUS = [{"text": "a bus"}]


def settings(**changes: Any) -> Settings:
    return runs.settings(**{"prior": "pixels", **changes})


def differ(ours: Any, theirs: Any) -> list[bool]:
    return [one.loss != other.loss for one, other in zip(ours, theirs, strict=True)]


def test_other_texts_take_effect_at_their_step(guide: Guide) -> None:
    plain = list(generate(settings(), guide))
    told = list(generate(settings(), guide, steering=Steering([{"texts": BUS, "at": 3}])))
    turning = [{"text": "a cat", "to_step": 3}, {"text": "a bus", "from_step": 3}]
    foreseen = list(generate(settings(texts=turning), guide))
    assert differ(told, plain) == [False] * 3 + [True] * 3
    assert [one.loss for one in told] == [one.loss for one in foreseen]


def test_an_order_without_a_step_is_obeyed_by_the_next_one(guide: Guide) -> None:
    steering = Steering()
    iterates, seen = generate(settings(), guide, steering=steering), []
    for iterate in iterates:
        seen.append(iterate)
        if iterate.step == 2:
            steering.order({"texts": BUS, "at": "now"})
    assert differ(seen, generate(settings(), guide)) == [False] * 2 + [True] * 4
    assert [len(iterate.orders) for iterate in seen] == [0, 0, 1, 1, 1, 1]
    assert seen[-1].orders[0]["at"] == 2
    again = last(generate(settings(), guide, steering=Steering(seen[-1].orders)))
    assert again.loss == seen[-1].loss


def test_an_admins_choice_takes_the_place_of_the_runs_own(guide: Guide) -> None:
    run = settings(candidates=4, keep=1, cull_at=4)
    told = list(generate(run, guide, steering=Steering([{"keep": [3, 1], "at": 2}])))
    assert [iterate.candidates for iterate in told] == [4, 4, 2, 2, 2, 2]
    assert set(told[-1].numbers) == {1, 3}
    nobody = list(generate(run, guide, steering=Steering([{"keep": [9], "at": 2}])))
    assert [iterate.candidates for iterate in nobody] == [4, 4, 4, 4, 1, 1]
    assert not nobody[-1].orders


@pytest.mark.parametrize("at", ["now", 2])
def test_stop_ends_with_the_picture_as_it_is(guide: Guide, at: Any) -> None:
    steering = Steering()
    told = []
    for iterate in generate(settings(), guide, steering=steering):
        told.append(iterate)
        if iterate.step == 2 and not iterate.done:
            steering.order({"stop": True, "at": at})
    assert [(iterate.step, iterate.done) for iterate in told] == [(1, False), (2, False), (2, True)]
    assert told[2].picture(32).tobytes() == told[1].picture(32).tobytes()
    again = list(generate(settings(), guide, told[2].checkpoint()))
    assert len(again) == 1
    assert again[0].done
    assert same(again[0], told[2])


def test_an_order_still_to_come_is_in_the_checkpoint(guide: Guide) -> None:
    unbroken = list(generate(settings(), guide, steering=Steering([{"stop": True, "at": 4}])))
    assert unbroken[-1].step == 4
    resumed = list(generate(settings(), guide, unbroken[1].checkpoint()))
    assert same(resumed[-1], unbroken[-1])


def test_who_goes_on_with_other_texts_wants_those(guide: Guide) -> None:
    halfway = list(generate(settings(), guide, steering=Steering([{"texts": BUS, "at": 1}])))[2].checkpoint()
    dog = settings(texts=[{"text": "a dog"}])
    assert not next(generate(dog, guide, halfway)).orders
    assert next(generate(dog, guide, halfway)).loss != next(generate(settings(), guide, halfway)).loss


@pytest.mark.parametrize(
    ("order", "pointer"),
    [
        ({}, "#"),
        ([], "#"),
        ({"at": 3}, "#"),
        ({"stop": True, "keep": [1]}, "#"),
        ({"stop": False}, "#/stop"),
        ({"keep": []}, "#/keep"),
        ({"keep": [64]}, "#/keep/0"),
        ({"keep": [1], "at": "soon"}, "#/at"),
        ({"keep": [1], "at": -1}, "#/at"),
        ({"texts": []}, "#/texts"),
        ({"texts": [{"text": "a bus", "weight": -1}]}, "#/texts"),
        ({"texts": [{"text": "a bus", "to_step": 9}], "at": 9}, "#/texts"),
        ({"texts": [{"text": "a bus", "from_step": 9}], "at": 5}, "#/texts"),
        ({"size": 3}, "#/size"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_when_it_is_given(order: Any, pointer: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Steering().order(order)
    assert refusal.value.pointer == pointer


def test_orders_survive_json() -> None:
    for order in ({"texts": BUS, "at": 0}, {"keep": [0, 2], "at": 7}, {"stop": True}):
        read = Order.from_dict(order)
        assert Order.from_dict(read.to_dict()) == read
    assert Order.from_dict({"keep": [2], "at": 7}).to_dict() == {"keep": [2], "at": 7}


def test_texts_of_several_orders_follow_one_another() -> None:
    given = settings(texts=[{"text": "a cat"}, {"text": "late", "from_step": 5}, {"text": "soon", "to_step": 2}])
    orders = [Order.from_dict({"texts": [{"text": text}], "at": at}) for text, at in (("third", 4), ("second", 3))]
    told = [(text.text, text.from_step, text.to_step) for text in steered(given, orders).texts]
    assert told == [("a cat", 0, 3), ("soon", 0, 2), ("second", 3, 4), ("third", 4, None)]
