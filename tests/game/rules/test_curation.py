"""Suggestions: made by a grammar or an endpoint, weighed by the judge, approved by a person, opened at their time."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from game import judging
from game.extensions import db
from game.models import Prompt, PromptDay
from game.rules import curation, daily, filters, players, prompt_grammar, prompts
from game.rules.refusals import Conflict, Invalid, Missing
from game.tables import now


@pytest.fixture
def admin(context):
    """An administrator."""
    return players.by_token(players.admin_token())


def tomorrow():
    """The day after today."""
    return now().date() + timedelta(days=1)


def test_the_grammar_says_only_what_the_judge_knows(context):
    known = judging.vocabulary()
    texts = prompt_grammar.made(40, known, random.Random(1))
    assert len(texts) == len(set(texts)) == 40
    allowed = {word for phrase in known for word in phrase.split()}
    kinds = {word for kind in prompt_grammar._parts()["kinds"] for word in kind["say"].split()}
    assert {word for text in texts for word in text.split()} <= allowed | kinds | {"a", "an"}
    assert all((" an " in f" {text} ") or " a " in f" {text} " for text in texts)
    assert not any(f" a {vowel}" in f" {text}" for text in texts for vowel in "aeiou")
    assert prompt_grammar.made(5, ["cat"], random.Random(1)) == []


def test_suggestions_wait_the_most_promising_first(context, red_cat):
    made = curation.suggest(6)
    assert len(made) == 6
    assert {one.source for one in made} == {"grammar"}
    page = curation.waiting(None, 4)
    rest = curation.waiting(page.next, 4)
    worths = [min(one.novelty, one.contrast) for one in page.items + rest.items]
    assert worths == sorted(worths, reverse=True)
    assert {one.id for one in page.items + rest.items} == {one.id for one in made}
    assert prompts.listing("new", None, 99, state=None).items[0].id == red_cat.id


def test_a_text_like_one_that_is_there_is_not_novel(context):
    for text in ("a red cat", "a blue dog", "a green cow", "a yellow pig"):
        prompts.add(text)
    judge, known = judging.current(), curation._known()
    copy = curation._weighed("red cats", "test", judge, known)
    fresh = curation._weighed("purple and orange and brown", "test", judge, known)
    assert copy.nearest == "a red cat"
    assert copy.novelty == 0.0
    assert fresh.novelty == 1.0


def test_a_text_with_a_word_that_the_judge_does_not_hear_has_no_contrast(context):
    for text in ("red and blue", "green and pink", "black and grey"):
        prompts.add(text)
    judge, known = judging.current(), curation._known()
    assert curation._weighed("a red zzz", "test", judge, known).contrast == 0.0
    assert curation._weighed("red", "test", judge, known).contrast == 1.0


def test_nothing_is_suggested_twice_nor_with_an_unwanted_word(context, admin, monkeypatch):
    filters.write("word", "gun*")
    offered = ["A red cat", "a gunship", "a blue dog", " two  blanks", ""]
    monkeypatch.setattr(prompt_grammar, "made", lambda *_: offered)
    prompts.add("a red cat")
    (made,) = curation.suggest(9)
    assert made.text == "a blue dog"
    curation.refuse(made.id, admin)
    assert curation.suggest(9) == []
    for count in (0, 51):
        with pytest.raises(Invalid):
            curation.suggest(count)


def test_an_approved_one_is_a_prompt_with_a_time_and_a_day(context, admin):
    first, second = curation.suggest(2)
    opens = now() - timedelta(hours=1)
    prompt = curation.approve(first.id, curation.Terms("a new wording", opens, None, tomorrow()), admin)
    assert (prompt.text, prompt.state) == ("a new wording", "open")
    assert [(day.day, day.prompt.id) for day in daily.planned()] == [(tomorrow().isoformat(), prompt.id)]
    with pytest.raises(Conflict):
        curation.approve(first.id, curation.Terms(), admin)
    late = curation.Terms("", now() + timedelta(days=9), None, tomorrow())
    with pytest.raises(Conflict):
        curation.approve(second.id, late, admin)
    curation.refuse(second.id, admin)
    assert curation.waiting(None, 9).items == []
    with pytest.raises(Missing):
        curation.refuse("nobody", admin)


def test_a_prompt_opens_and_closes_at_its_time(context):
    early = prompts.add("a red cat", opens_at=now() + timedelta(hours=1))
    assert early.state == "closed"
    with pytest.raises(Conflict):
        prompts.require_open(early.id)
    db.session.get(Prompt, early.id).opens_at = now() - timedelta(seconds=1)
    db.session.commit()
    assert prompts.get(early.id).state == "open"
    assert prompts.require_open(early.id).id == early.id
    later = prompts.add("a blue cat", opens_at=now() + timedelta(hours=1), closes_at=now() + timedelta(hours=2))
    assert prompts.update(later.id, state="open").state == "open"
    with pytest.raises(Invalid):
        prompts.add("a pink cat", opens_at=now() + timedelta(hours=2), closes_at=now() + timedelta(hours=1))


def test_a_planned_day_has_its_prompt_when_it_comes(context):
    chosen, other = prompts.add("a red cat"), prompts.add("a blue cat")
    daily.plan(tomorrow(), other.id)
    daily.plan(tomorrow(), chosen.id)
    noon = datetime.combine(tomorrow(), datetime.min.time(), UTC) + timedelta(hours=12)
    assert daily.today(noon).prompt.id == chosen.id
    assert daily.today().prompt.id == other.id


def test_a_closed_prompt_leaves_the_day_that_it_was_planned_for(context):
    chosen = prompts.add("a red cat")
    daily.plan(tomorrow(), chosen.id)
    prompts.update(chosen.id, state="closed")
    assert daily.planned() == []
    assert db.session.query(PromptDay).count() == 0


def test_only_days_to_come_of_prompts_open_all_day_are_planned(context):
    chosen = prompts.add("a red cat", closes_at=now() + timedelta(minutes=5))
    for day in (tomorrow(), now().date()):
        with pytest.raises(Conflict):
            daily.plan(day, chosen.id)
    with pytest.raises(Missing):
        daily.plan(tomorrow(), "nobody")
