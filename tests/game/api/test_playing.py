"""A session of play through the API: prompts, drawings, boards, captions, the arena, numbers."""

import io
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from game import counting
from game.judging import INJECTED_SECOND
from game.rules import drawing, prompts, raster, rejudging, second
from tests.conftest import doodle
from tests.fakes import ColourJudge
from tests.game.api.conftest import API, check_problem, player

ENTRY = {
    "id", "prompt_id", "prompt_text", "kind", "player", "similarity", "percentile", "rank", "of", "tied", "judge",
    "second", "penalties", "state", "picture", "drawn", "created_at", "run",
}  # fmt: skip


def test_a_round_from_the_prompt_to_the_board(ann, bob, red_cat):
    (prompt,) = ann.get("/prompts").get_json()["items"]
    assert (prompt["id"], prompt["text"], prompt["entries"], prompt["closes_at"]) == (red_cat, "a red cat", 0, None)
    assert (prompt["best_human"], prompt["best_ai"]) == (None, None)
    answer = ann.post(f"/prompts/{red_cat}/drawings", doodle("red"), headers={"X-Artist": "%C3%84nn"})
    assert answer.status_code == 201
    entry = answer.get_json()["entry"]
    assert set(entry) == ENTRY
    assert (entry["rank"], entry["of"], entry["state"], entry["kind"]) == (1, 1, "visible", "human")
    assert entry["player"]["name"] == "Änn"
    assert entry["similarity"] > 0.9
    assert 0 <= entry["percentile"] <= 100
    worse = bob.draw(red_cat, "blue")
    assert (worse["rank"], worse["of"]) == (2, 2)
    board = ann.get(f"/prompts/{red_cat}/leaderboard").get_json()
    assert [each["id"] for each in board["items"]] == [entry["id"], worse["id"]]
    assert board["next"] is None
    assert ann.get(f"/entries/{entry['id']}").get_json() == {**entry, "of": 2}
    assert ann.get(f"/prompts/{red_cat}").get_json()["best_human"]["id"] == entry["id"]
    assert ann.get("/prompts/random").get_json()["id"] == red_cat


def test_a_board_is_paged_by_cursor(ann, red_cat):
    ids = {ann.draw(red_cat, "red", "blue", share)["id"] for share in (0.1, 0.3, 0.5, 0.7, 0.9)}
    seen, path = [], f"/prompts/{red_cat}/leaderboard?kind=human&limit=2"
    cursor = ""
    while cursor is not None:
        page = ann.get(path + (f"&cursor={cursor}" if cursor else "")).get_json()
        seen += page["items"]
        cursor = page["next"]
    assert {entry["id"] for entry in seen} == ids
    assert [entry["similarity"] for entry in seen] == sorted((entry["similarity"] for entry in seen), reverse=True)
    assert ann.get(f"/prompts/{red_cat}/leaderboard?kind=ai").get_json()["items"] == []


def test_the_picture_is_the_one_the_server_rendered(ann, red_cat):
    entry = ann.draw(red_cat, "red", "green", 0.3)
    answer = ann.get(f"/entries/{entry['id']}/picture.png")
    assert answer.mimetype == "image/png"
    expected = raster.picture(drawing.parse(doodle("red", "green", 0.3)))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.data))), np.asarray(expected))


@pytest.mark.parametrize("size", [16, 256, 1024])
def test_a_picture_comes_in_any_size(ann, red_cat, size):
    entry = ann.draw(red_cat)
    for _ in range(2):  # made, then kept
        answer = ann.get(f"/entries/{entry['id']}/picture.png?size={size}")
        assert Image.open(io.BytesIO(answer.data)).size == (size, size)
    check_problem(ann.get(f"/entries/{entry['id']}/picture.png?size=0"), 422, "#/size")


def test_what_never_changes_may_be_kept_and_asked_for_by_its_tag(ann, nobody, red_cat):
    entry = ann.draw(red_cat)
    for name in ("picture.png", "picture.png?size=64", "seen.png", "drawing.json"):
        answer = nobody.get(f"/entries/{entry['id']}/{name}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        again = nobody.get(f"/entries/{entry['id']}/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_the_strokes_come_back_as_they_were_handed_in(ann, red_cat):
    handed_in = doodle("red", "blue", 0.2)
    entry = ann.draw(red_cat, "red", "blue", 0.2)
    assert ann.get(f"/entries/{entry['id']}/drawing.json").get_json() == handed_in
    replay = ann.get(f"/entries/{entry['id']}/replay")
    assert (replay.status_code, replay.headers["Location"]) == (302, f"/entries/{entry['id']}#replay")


def test_the_picture_as_the_judge_saw_it(ann, red_cat):
    entry = ann.draw(red_cat)
    answer = ann.get(f"/entries/{entry['id']}/seen.png")
    assert Image.open(io.BytesIO(answer.data)).size == (64, 64)


def test_a_verdict_has_a_reason(ann, app, red_cat):
    with app.app_context():
        prompts.add("a blue whale")
    entry = ann.draw(red_cat, "blue")
    verdict = ann.get(f"/entries/{entry['id']}/verdict").get_json()
    assert verdict["entry"] == entry
    assert verdict["looks_like"][0]["text"] == "a blue whale"
    assert "blue whale" in verdict["reason"]
    assert len(verdict["histogram"][0]) == len(verdict["histogram"][1]) + 1


def test_words_for_a_picture(ann, bob, red_cat):
    entry = ann.draw(red_cat)
    picture = bob.get("/captions/next").get_json()
    assert picture == {"entry_id": entry["id"], "picture": entry["picture"], "max_tokens": 77}
    answer = bob.post(f"/entries/{entry['id']}/captions", {"text": "something red"})
    assert answer.status_code == 201
    caption = answer.get_json()["caption"]
    assert answer.get_json()["tries_left"] == 2
    assert {"id", "text", "tokens", "similarity", "percentile", "rank", "of"} <= set(caption)
    assert (caption["rank"], caption["of"], caption["tokens"]) == (1, 1, 4)
    assert ann.get(f"/entries/{entry['id']}/captions").get_json() == {"items": [caption], "next": None}
    check_problem(bob.get("/captions/next"), 404)
    check_problem(bob.post(f"/entries/{entry['id']}/captions", {"text": "red " * 90}), 422, "#/text")


def test_a_picture_is_captioned_three_times_and_the_sides_compared(ann, bob, red_cat):
    entry = ann.draw(red_cat)
    path = f"/entries/{entry['id']}/captions"
    answers = [bob.post(path, {"text": f"something {colour}"}).get_json() for colour in ("red", "blue", "pink")]
    assert [answer["tries_left"] for answer in answers] == [2, 1, 0]
    assert "your 3 tries" in check_problem(bob.post(path, {"text": "red"}), 409)["detail"]
    duel = ann.get(f"{path}/duel").get_json()
    assert duel["human"]["text"] == "something red"
    assert (duel["ai"], duel["ahead"]) == (None, None)
    check_problem(ann.get("/entries/nowhere/captions/duel"), 404)


def test_a_blind_pair_and_a_vote(ann, bob, admin, red_cat):
    ids = {ann.draw(red_cat, "red")["id"], bob.draw(red_cat, "blue")["id"]}
    check_problem(ann.get("/arena/pair"), 404)
    pair = admin.get(f"/arena/pair?prompt={red_cat}").get_json()
    assert not [known for known in ids if known in json.dumps(pair)]
    for side in ("left", "right"):
        path = pair[side]["picture"].removeprefix(API)
        assert admin.get(path).mimetype == "image/png"
        check_problem(bob.get(path), 404)
    answer = admin.post("/arena/votes", {"pair": pair["pair"], "winner": "left"})
    assert answer.status_code == 201
    assert {answer.get_json()[side]["id"] for side in ("left", "right")} == ids
    check_problem(admin.post("/arena/votes", {"pair": pair["pair"], "winner": "left"}), 409)
    check_problem(bob.post("/arena/votes", {"pair": pair["pair"], "winner": "left"}), 404)
    check_problem(admin.post("/arena/votes", {"pair": pair["pair"], "winner": "me"}), 422, "#/winner")


def test_guesses_and_boards_by_votes(app, ann, bob, admin, red_cat):
    entry = ann.draw(red_cat, "red")
    bob.draw(red_cat, "blue")
    pair = admin.get("/arena/pair").get_json()
    vote = {"pair": pair["pair"], "winner": "tie", "guess": {"left": "human", "right": "cat"}}
    check_problem(admin.post("/arena/votes", vote), 422, "#/guess/right")
    vote["guess"]["right"] = "ai"
    told = admin.post("/arena/votes", vote).get_json()
    assert told["eye"] == {"guesses": 2, "right": 1}
    assert (told["guess"], told["left_today"]) == (vote["guess"], 99)
    assert told[told["judge"]]["id"] == entry["id"], "the judge prefers the red one"
    with app.app_context():
        counting.look()
    found = ann.get(f"/prompts/{red_cat}/ratings").get_json()
    assert [(each["votes"], each["enough"], each["rank"]) for each in found["items"]] == [(1, False, None)] * 2
    assert found["items"][0]["chance"] == pytest.approx(50, abs=0.1)
    assert ann.get(f"/prompts/{red_cat}/ratings?kind=ai").get_json() == {"items": [], "next": None}
    tally = ann.get(f"/prompts/{red_cat}/votes").get_json()
    assert (tally["cast"], tally["counted"], tally["voters"], tally["dropped"]) == (1, 1, 1, 0)
    assert ann.get("/arena/walls").get_json()["items"] == [{"prompt_id": red_cat, "prompt": "a red cat", "votes": 1}]
    assert ann.get("/arena/divided?by=people").get_json()["items"] == [], "too few votes"
    check_problem(ann.get("/arena/divided?by=cat"), 422, "#/by")
    check_problem(ann.get("/prompts/nowhere/ratings"), 404)


def test_search_numbers_and_similarities(ann, red_cat):
    red, blue = ann.draw(red_cat, "red"), ann.draw(red_cat, "blue")
    found = ann.get("/search?q=something blue").get_json()["items"]
    assert [each["entry"]["id"] for each in found] == [blue["id"], red["id"]]
    assert ann.get("/stats").get_json()["human"]["entries"] == 2
    body = {"texts": ["red", "blue"], "entry_ids": [red["id"], blue["id"]]}
    compared = ann.post("/similarity", body).get_json()
    assert compared["softmax"][0][0] > 0.9 < compared["softmax"][1][1]
    check_problem(ann.get("/search"), 422, "#/q")
    check_problem(ann.get("/search?q="), 422, "#/q")
    check_problem(ann.post("/similarity", {**body, "texts": []}), 422, "#/texts")


def test_many_at_once_all_hang(app, red_cat):
    """SQLite has one writer at a time; the others wait, and none is lost."""
    callers = [player(app) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda number: callers[number % 8].draw(red_cat, "red", "blue", number / 20), range(16)))
    board = callers[0].get(f"/prompts/{red_cat}/leaderboard").get_json()["items"]
    assert {entry["id"] for entry in board} == {entry["id"] for entry in drawn}
    assert callers[0].get(f"/prompts/{red_cat}").get_json()["entries"] == 16


def test_a_player_takes_a_name_and_finds_their_works(ann, red_cat):
    assert ann.get("/me").get_json()["player"]["name"] is None
    assert ann("PATCH", "/me", json={"name": "Ann"}).get_json()["player"]["name"] == "Ann"
    check_problem(ann("PATCH", "/me", json={"name": " "}), 422, "#/name")
    entry = ann.draw(red_cat)
    me = ann.get("/me").get_json()
    assert me == {"player": {"id": entry["player"]["id"], "name": "Ann", "kind": "human"}, "is_admin": False}
    works = ann.get(f"/players/{me['player']['id']}/entries").get_json()["items"]
    assert [each["id"] for each in works] == [entry["id"]]
    check_problem(ann.get("/players/nobody/entries"), 404)


def test_a_player_may_be_made_with_a_name(nobody):
    answer = nobody.post("/players", {"name": "Dee"})
    assert answer.get_json()["player"]["name"] == "Dee"
    check_problem(nobody.post("/players", {"name": ""}), 422, "#/name")
    check_problem(nobody.post("/players", {"nickname": "x"}), 422, "#/nickname")


def test_times_are_utc_and_numbers_are_short(ann, red_cat):
    entry = ann.draw(red_cat)
    assert entry["created_at"].endswith("Z")
    assert len(str(entry["similarity"])) <= 9
    assert round(entry["percentile"], 2) == entry["percentile"]


@pytest.mark.parametrize(
    "path",
    ["/prompts/x", "/prompts/x/leaderboard", "/entries/x", "/entries/x/picture.png", "/entries/x/seen.png",
     "/entries/x/drawing.json", "/entries/x/replay", "/entries/x/verdict", "/entries/x/captions", "/nothing"],
)  # fmt: skip
def test_what_does_not_exist_is_a_problem(ann, path):
    check_problem(ann.get(path), 404)


def test_a_board_by_the_second_judge(app, ann, red_cat, monkeypatch):
    monkeypatch.setattr(second, "PATIENCE", 60.0)
    check_problem(ann.get(f"/prompts/{red_cat}/leaderboard?judge=second"), 422, "#/judge")
    check_problem(ann.get(f"/prompts/{red_cat}/leaderboard?judge=third"), 422, "#/judge")
    early = ann.draw(red_cat, "red")
    assert early["second"] is None
    app.extensions[INJECTED_SECOND] = ColourJudge("fake:second")
    drawn = [ann.draw(red_cat, "red", "blue", share) for share in (0.9, 0.5, 0.1)]
    page = ann.get(f"/prompts/{red_cat}/leaderboard?judge=second&limit=2").get_json()
    rest = ann.get(f"/prompts/{red_cat}/leaderboard?judge=second&limit=2&cursor={page['next']}").get_json()
    assert [entry["id"] for entry in page["items"] + rest["items"]] == [entry["id"] for entry in reversed(drawn)]
    assert [entry["second"]["rank"] for entry in page["items"] + rest["items"]] == [1, 2, 3]
    assert set(page["items"][0]["second"]) == {"judge", "similarity", "percentile", "rank", "of", "tied"}
    told = ann.get(f"/prompts/{red_cat}/judges").get_json()
    assert told["second"] == {"judge": "fake:second", "entries": 3, "waiting": 1, "rejudged": None}
    check_problem(ann.get("/prompts/x/judges"), 404)


def test_past_scores_are_told(app, ann, red_cat):
    entry = ann.draw(red_cat, "red")
    assert ann.get(f"/entries/{entry['id']}/past-scores").get_json() == {"items": [], "next": None}
    with app.app_context():
        rejudging.rejudge(ColourJudge("fake:other"))
    (past,) = ann.get(f"/entries/{entry['id']}/past-scores").get_json()["items"]
    assert (past["role"], past["judge"], past["replaced_by"]) == ("main", "fake:colours", "fake:other")
    assert past["similarity"] == entry["similarity"]
    check_problem(ann.get("/entries/x/past-scores"), 404)
