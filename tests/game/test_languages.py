"""The language of an answer: how it is chosen and kept, what is said in it, and what stays English for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import ngettext

from game import languages
from game.pages import formats

GERMAN, ARABIC = {"Accept-Language": "de"}, {"Accept-Language": "ar"}


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A visitor's browser."""
    with app.test_client() as client:
        yield client


def spoken(page: str) -> tuple[str, str]:
    """The language and the direction that a page says it has."""
    found = re.search(r'<html lang="(\w+)" dir="(\w+)"', page)
    assert found
    return found[1], found[2]


def choose(client: FlaskClient, language: str) -> None:
    """Presses a language's button in the footer, as a browser without JavaScript does."""
    page = client.get("/about").text
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'action="/language"' in form)
    assert f'value="{language}"' in form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    answer = client.post("/language", data={**fields, "language": language})
    assert (answer.status_code, answer.location) == (303, "/about")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("", ("en", "ltr")),
        ("de", ("de", "ltr")),
        ("de-AT,de;q=0.9,en;q=0.5", ("de", "ltr")),
        ("ar-EG", ("ar", "rtl")),
        ("fr, ar;q=0.5, en;q=0.3", ("ar", "rtl")),
        ("fr, sw", ("en", "ltr")),
        ("en-US,en;q=0.9,de;q=0.8", ("en", "ltr")),
        (";;=q nonsense", ("en", "ltr")),
    ],
)
def test_a_browser_is_answered_in_the_first_language_that_both_know(
    client: FlaskClient, asked: str, answered: tuple[str, str]
) -> None:
    assert spoken(client.get("/about", headers={"Accept-Language": asked}).text) == answered


def test_a_visitors_own_choice_is_kept_and_counts_more_than_the_browsers(client: FlaskClient) -> None:
    choose(client, "ar")
    assert spoken(client.get("/about", headers=GERMAN).text) == ("ar", "rtl")
    choose(client, "en")
    assert spoken(client.get("/about", headers=GERMAN).text) == ("en", "ltr")


@pytest.mark.parametrize("nonsense", ["fr", "", '"><script>', "../de"])
def test_a_choice_that_is_none_is_not_kept(client: FlaskClient, nonsense: str) -> None:
    client.set_cookie(languages.COOKIE, nonsense)
    assert spoken(client.get("/about", headers=GERMAN).text) == ("de", "ltr")


def test_each_language_stands_in_the_footer_by_its_own_name(client: FlaskClient) -> None:
    page = client.get("/about", headers=ARABIC).text
    for code, name in languages.LANGUAGES.items():
        assert re.search(rf'<button name="language" value="{code}" lang="{code}"[^>]*>{name}</button>', page)
    assert re.search(r'value="ar"[^>]*aria-current="true"', page)


def test_german_and_arabic_pages_are_german_and_arabic(client: FlaskClient) -> None:
    german, arabic = (client.get("/about", headers=headers).text for headers in (GERMAN, ARABIC))
    assert "Wie sie entscheidet" in german
    assert "كيف يقرر" in arabic
    assert "How it decides" not in german + arabic


def test_a_door_that_is_closed_says_so_in_the_visitors_language(client: FlaskClient) -> None:
    page = client.get("/nowhere", headers=GERMAN)
    assert page.status_code == 404
    assert spoken(page.text) == ("de", "ltr")
    assert "Zu den Aufgaben" in page.text


def test_programs_are_answered_in_english(client: FlaskClient) -> None:
    english = client.get("/api/v1/prompts/nowhere")
    assert client.get("/api/v1/prompts/nowhere", headers=GERMAN).json == english.json


def test_caches_are_told_what_a_page_depends_on(client: FlaskClient) -> None:
    assert {"accept-language", "cookie"} <= {name.lower() for name in client.get("/about").vary}
    assert "accept-language" not in client.get("/api/v1/openapi.json").vary


def test_what_anybody_may_keep_is_the_same_for_everybody(app: Flask) -> None:
    kept = {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in {"feeds", "sharing"}
    } - {"sharing.follow"}
    assert kept == languages.SHARED, "whatever is shared between visitors is said in one language"
    for endpoint in languages.SHARED:
        with app.test_request_context(headers=ARABIC) as context:
            assert languages.choose() == "ar"
            context.request.url_rule = next(app.url_map.iter_rules(endpoint))
            assert languages.choose() == "en"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["31,204", "−0.083", "93.4", "21 November 2026", "22nd"]),
        ("de", ["31.204", "−0,083", "93,4", "21. November 2026", "22."]),
        ("ar", ["31,204", "\u200e−0.083", "93.4", "21 نوفمبر 2026", "22"]),
    ],
)
def test_numbers_and_dates_are_written_as_the_language_writes_them(app: Flask, language: str, said: list[str]) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert [
            formats.count(31204),
            formats.cosine(-0.0834),
            formats.percent(93.44),
            formats.day("2026-11-21T00:50:41+00:00"),
            formats.ordinal(22),
        ] == said


def test_arabic_counts_in_six_ways_and_german_in_two(app: Flask) -> None:
    def days(language: str) -> list[str]:
        with app.test_request_context(headers={"Accept-Language": language}):
            return [ngettext("%(n)s day", "%(n)s days", n, n=n) for n in (0, 1, 2, 5, 11, 100)]

    assert days("de") == ["0 Tage", "1 Tag", "2 Tage", "5 Tage", "11 Tage", "100 Tage"]
    assert days("ar") == ["لا أيام", "يوم واحد", "يومان", "5 أيام", "11 يومًا", "100 يوم"]


def test_outside_of_a_request_everything_is_english(app: Flask) -> None:
    with app.app_context():
        assert languages.current() == "en"
        assert formats.count(31204) == "31,204"
    assert languages.current() == "en"
