"""The studio's standing orders."""

from flask import Flask

from game.extensions import db
from game.models import Run
from game.rules import orders, prompts
from tests.game.pages.conftest import Visitor


def test_every_new_prompt_gets_an_entry_of_each_kind(app: Flask, admin: Visitor) -> None:
    page = "/admin/runs/orders"
    assert "No order stands" in admin.sees(page)
    answer = admin.sends(page, page, preset=["sketch", "mosaic"], kind="prompts", publish="yes")
    assert answer.status_code == 303
    assert "strokes and pixels for each new prompt" in admin.sees(page)
    with app.app_context():
        prompt = prompts.add("a violet otter")
        orders.carry_out()
        runs = db.session.query(Run).filter_by(prompt_id=prompt.id).all()
    assert {(run.settings["prior"], run.publish_when_done) for run in runs} == {("strokes", True), ("pixels", True)}
    assert '<td class="number figures">2</td>' in admin.sees(page)


def test_an_order_is_switched_off_on_and_forgotten(app: Flask, admin: Visitor) -> None:
    page = "/admin/runs/orders"
    admin.sends(page, page, preset=["sketch"], kind="times", next_at="2036-01-01T22:00", every_hours="24")
    with app.app_context():
        order = orders.listing().items[0]
    assert (order.kind, order.every_hours, order.state) == ("times", 24, "on")
    assert "2036-01-01 22:00 UTC, every 24 hours" in admin.sees(page)
    for state in ("off", "on"):
        admin.sends(page, f"{page}/{order.id}", state=state)
        with app.app_context():
            assert orders.get(order.id).state == state
    admin.sends(page, f"{page}/{order.id}", state="forget")
    assert "No order stands" in admin.sees(page)


def test_an_order_that_cannot_be_is_said(admin: Visitor) -> None:
    page = "/admin/runs/orders"
    soon = {"preset": "sketch", "kind": "times", "next_at": "soon"}
    for wrong, words in (({}, "at least one kind"), (soon, "no moment")):
        answer = admin.sends(page, page, **wrong)
        assert answer.status_code == 422
        assert words in answer.text
