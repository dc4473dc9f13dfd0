"""Standing orders: what is queued by itself, once and in time."""

from datetime import timedelta

import pytest

from game import engine, painting
from game.extensions import db
from game.models import Run, StandingOrder
from game.rules import orders, players, prompts
from game.rules.orders import OrderDraft
from game.rules.refusals import Invalid, Missing
from game.tables import now

STROKES, VQGAN = {"prior": "strokes"}, {"prior": "vqgan", "steps": 50}


@pytest.fixture
def admin(context, monkeypatch):
    monkeypatch.setattr(engine, "enqueue", lambda *_: None)
    monkeypatch.setattr(painting, "check", checked)
    return players.anonymous()[0].id


def checked(settings):
    if settings.get("weights") == "gone":
        raise Invalid([("#/settings/weights", "No such weights.")])
    return {"steps": 9, **settings}


def queued():
    """(prompt, prior) of every run."""
    return sorted((run.prompt.text, run.settings["prior"]) for run in db.session.query(Run))


def test_every_new_prompt_gets_strokes_and_vqgan_once(admin):
    prompts.add("an old cat")
    order = orders.add(OrderDraft("prompts", [STROKES, VQGAN], publish_when_done=True, priority=3), admin)
    assert orders.carry_out() == 0, "what was there before is left alone"
    prompts.add("a new cat")
    prompts.add("a closed cat", state="closed")
    assert orders.carry_out() == 2
    assert orders.carry_out() == 0
    assert queued() == [("a new cat", "strokes"), ("a new cat", "vqgan")]
    run = db.session.query(Run).first()
    assert (run.requested_by, run.priority, run.publish_when_done) == (admin, 3, True)
    assert orders.get(order.id).queued == 2


def test_two_workers_at_once_queue_nothing_twice(admin, monkeypatch):
    orders.add(OrderDraft("prompts", [STROKES, VQGAN]), admin)
    prompts.add("a cat")
    queue = orders.runs.queue

    def both(*given):
        monkeypatch.setattr(orders.runs, "queue", queue)
        orders.carry_out()  # the other worker, in the very moment
        return queue(*given)

    monkeypatch.setattr(orders.runs, "queue", both)
    orders.carry_out()
    assert queued() == [("a cat", "strokes"), ("a cat", "vqgan")]


def test_an_order_that_was_cut_short_is_completed(admin, monkeypatch):
    order = orders.add(OrderDraft("prompts", [STROKES, VQGAN]), admin)
    prompts.add("a cat")
    queue, calls = orders.runs.queue, []

    def dies(*given):
        calls.append(given)
        if len(calls) == 2:
            raise SystemExit
        return queue(*given)

    monkeypatch.setattr(orders.runs, "queue", dies)
    with pytest.raises(SystemExit):
        orders.carry_out()
    db.session.rollback()
    assert orders.carry_out() == 1
    assert queued() == [("a cat", "strokes"), ("a cat", "vqgan")]
    assert orders.get(order.id).queued == 2


def test_at_its_time_and_then_every_night_without_making_up_for_those_missed(admin):
    cat = prompts.add("a cat")
    at = now() - timedelta(hours=50)
    order = orders.add(OrderDraft("times", [STROKES], prompt_id=cat.id, next_at=at, every_hours=24), admin)
    assert orders.carry_out() == 1
    assert orders.get(order.id).next_at == at + timedelta(hours=72)
    assert orders.carry_out() == 0
    db.session.get_one(StandingOrder, order.id).next_at = now()
    db.session.commit()
    assert orders.carry_out() == 1
    assert queued() == [("a cat", "strokes")] * 2


def test_once_at_a_time_for_all_open_prompts(admin):
    for text in ("a cat", "a dog"):
        prompts.add(text)
    order = orders.add(OrderDraft("times", [STROKES], next_at=now() + timedelta(hours=1)), admin)
    assert orders.carry_out() == 0
    db.session.get_one(StandingOrder, order.id).next_at = now()
    db.session.commit()
    assert orders.carry_out() == 2
    assert (orders.get(order.id).state, orders.get(order.id).next_at) == ("off", None)


def test_a_full_queue_is_noted_and_tried_again(admin, context):
    settings = context.config["PAINTOFF"]
    context.config["PAINTOFF"] = type(settings)(**{**vars(settings), "queue_limit": 1})
    order = orders.add(OrderDraft("prompts", [STROKES, VQGAN]), admin)
    prompts.add("a cat")
    assert orders.carry_out() == 1
    assert "1 runs waiting" in orders.get(order.id).note
    context.config["PAINTOFF"] = settings
    assert orders.carry_out() == 1
    assert orders.get(order.id).note is None
    assert queued() == [("a cat", "strokes"), ("a cat", "vqgan")]


def test_settings_that_no_longer_do_switch_the_order_off_with_a_reason(admin, monkeypatch):
    order = orders.add(OrderDraft("prompts", [{**STROKES, "weights": "mine"}]), admin)
    db.session.get_one(StandingOrder, order.id).settings = [{**STROKES, "weights": "gone"}]
    db.session.commit()
    prompts.add("a cat")
    assert orders.carry_out() == 0
    view = orders.get(order.id)
    assert (view.state, view.note) == ("off", "No such weights.")


def test_an_order_is_switched_off_and_on_and_forgotten(admin):
    order = orders.add(OrderDraft("prompts", [STROKES]), admin)
    assert orders.change(order.id, "off").state == "off"
    prompts.add("a cat")
    assert orders.carry_out() == 0
    orders.change(order.id, "on")
    assert orders.carry_out() == 0, "what came meanwhile is left alone"
    prompts.add("a dog")
    assert orders.carry_out() == 1
    assert [view.id for view in orders.listing().items] == [order.id]
    orders.drop(order.id)
    assert orders.listing().items == []
    assert queued() == [("a dog", "strokes")]


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        (OrderDraft("nights", [STROKES]), "#/kind"),
        (OrderDraft("prompts", []), "#/settings"),
        (OrderDraft("prompts", [STROKES, {"weights": "gone"}]), "#/settings/1/weights"),
        (OrderDraft("prompts", [STROKES], priority=0), "#/priority"),
        (OrderDraft("prompts", [STROKES], every_hours=3), "#/kind"),
        (OrderDraft("times", [STROKES]), "#/next_at"),
        (OrderDraft("times", [STROKES], next_at=now(), every_hours=0), "#/every_hours"),
    ],
)
def test_what_makes_no_order_is_pointed_at(admin, draft, pointer):
    with pytest.raises(Invalid) as refused:
        orders.add(draft, admin)
    assert refused.value.pointer == pointer


def test_an_unknown_prompt_or_order_is_missing(admin):
    with pytest.raises(Missing):
        orders.add(OrderDraft("times", [STROKES], prompt_id="nothing", next_at=now()), admin)
    with pytest.raises(Missing):
        orders.get("nothing")
