"""Machines at work and standing orders, through the API."""

from game.rules import machines
from tests.game.api.conftest import check_problem

ORDER = {"kind": "prompts", "settings": [{"prior": "strokes"}], "publish_when_done": True}


def test_machines_at_work_are_listed_for_administrators(app, admin, ann):
    with app.app_context():
        machines.arrive("attic:0-a", "attic", 0)
    (machine,) = admin.get("/machines").get_json()["items"]
    assert (machine["host"], machine["slot"], machine["alive"], machine["run_id"]) == ("attic", 0, True, None)
    check_problem(ann.get("/machines"), 403)


def test_an_order_is_written_listed_switched_off_and_forgotten(admin):
    answers = [admin.post("/orders", ORDER, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    order = answers[1].get_json()["order"]
    assert admin.get("/orders").get_json()["items"] == [order]
    changed = admin("PATCH", f"/orders/{order['id']}", json={"state": "off"}).get_json()["order"]
    assert changed == {**order, "state": "off"} == admin.get(f"/orders/{order['id']}").get_json()
    assert admin("DELETE", f"/orders/{order['id']}").status_code == 200
    check_problem(admin.get(f"/orders/{order['id']}"), 404)


def test_a_wrong_order_is_pointed_at_and_players_may_give_none(admin, ann):
    check_problem(admin.post("/orders", {**ORDER, "settings": [{"steps": 0}]}), 422, "#/settings/0/steps")
    check_problem(admin.post("/orders", {**ORDER, "priority": 10}), 422, "#/priority")
    check_problem(ann.post("/orders", ORDER), 403)


def test_a_priority_is_a_runs(admin, red_cat):
    from game import engine

    with admin._client.application.app_context():
        engine.migrate()
    run = admin.post("/runs", {"prompt_id": red_cat, "settings": {"steps": 9}, "priority": 8}).get_json()["run"]
    assert run["priority"] == 8
