"""The overall board, the prompt of the day, machines' runs and the numbers, over the API."""

import csv
import io

from game.rules import numbers, players, prompts
from tests.game.api.conftest import check_problem
from tests.game.rules.rows import hang, run


def test_the_overall_board_is_paged_and_refuses_what_does_not_sit(app, ann, bob, red_cat):
    ann.draw(red_cat, "red")
    bob.draw(red_cat, "blue")
    board = ann.get("/standings?limit=1").get_json()
    assert (board["of"], board["items"][0]["points"], board["items"][0]["rank"]) == (2, 1.0, 1)
    rest = ann.get(f"/standings?limit=1&cursor={board['next']}").get_json()
    assert (rest["items"][0]["rank"], rest["next"]) == (2, None)
    check_problem(ann.get("/standings?judge=second"), 422)


def test_the_prompt_of_the_day_is_the_same_for_all_and_drawing_it_begins_a_streak(app, ann, bob, red_cat):
    day = ann.get("/days/today").get_json()["day"]
    assert bob.get("/days/today").get_json()["day"] == day
    entry = ann.draw(day["prompt"]["id"], "red")
    streak = bob.get(f"/players/{entry['player']['id']}/streak").get_json()
    assert (streak["current"], streak["today"], streak["days"]) == (1, True, [day["day"]])
    assert bob.get("/days").get_json() == {"items": [], "next": None}
    check_problem(bob.get("/players/nobody/streak"), 404)


def test_without_an_open_prompt_there_is_no_prompt_of_the_day(app, ann):
    check_problem(ann.get("/days/today"), 404)


def test_a_machines_runs_are_told_to_everybody(app, ann, red_cat):
    with app.app_context():
        machine, prompt = players.machine("strokes"), prompts.get(red_cat)
        run(prompt, machine, "failed")
        machine_id = machine.id
    [attempt] = ann.get(f"/players/{machine_id}/runs").get_json()["items"]
    assert (attempt["state"], attempt["entry_id"]) == ("failed", None)
    assert not {"error", "worker", "requested_by", "preview"} & set(attempt)
    assert ann.get(f"/players/{machine_id}/record").get_json()["failed"] == 1


def test_every_table_of_the_numbers_can_be_downloaded_as_csv(app, ann, red_cat):
    with app.app_context():
        machine, person, prompt = players.machine("strokes"), players.anonymous()[0], prompts.add("=2+3 cats")
        for similarity in (0.1, 0.2, 0.3, 0.4):
            hang(prompt, person, similarity)
        hang(prompt, machine, 0.6, run_id=run(prompt, machine).id)
    told = ann.get("/numbers").get_json()
    for name in numbers.TABLES:
        answer = ann.get(f"/numbers/{name}.csv")
        assert answer.mimetype == "text/csv"
        assert f"paintoff-{name}.csv" in answer.headers["Content-Disposition"]
        heading, *rows = csv.reader(io.StringIO(answer.text))
        assert len(rows) == len(told[name])
        if rows:
            assert heading == list(told[name][0])
    [duel] = csv.DictReader(io.StringIO(ann.get("/numbers/prompts.csv").text))
    assert duel["prompt"] == "'=2+3 cats", "a spreadsheet would take it for a formula"
    assert (float(duel["gap"]), duel["winner"]) == (0.6 - 0.4, "ai")
    check_problem(ann.get("/numbers/cats.csv"), 404)
