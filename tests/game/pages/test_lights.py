"""The judge's page and the light of all pages."""

import pytest

from game.pages.lights import local
from tests.game.pages.conftest import Visitor


def test_the_judge_explains_itself_and_its_limits(visitor: Visitor) -> None:
    page = visitor.sees("/about")
    assert 'id="limits"' in page
    assert "embedded:main" in page
    assert "lost outside them" in page, "an embedded judge says that it is small"


def test_the_light_is_remembered_without_javascript(visitor: Visitor) -> None:
    assert "data-theme=" not in visitor.sees("/about").split("<head>")[0]
    answer = visitor.sends("/about", "/theme", theme="dark")
    assert answer.location == "/about"
    assert 'data-theme="dark"' in visitor.sees("/about")
    visitor.sends("/about", "/theme", theme="auto")
    assert "data-theme=" not in visitor.sees("/about").split("<head>")[0]


@pytest.mark.parametrize("light", ['"><script>', "blue", ""])
def test_there_are_two_lights_only(visitor: Visitor, light: str) -> None:
    visitor.client.set_cookie("theme", light)
    assert "data-theme=" not in visitor.sees("/about").split("<head>")[0]


@pytest.mark.parametrize(
    "path", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "about", "", None]
)
def test_nobody_is_led_off_the_site(visitor: Visitor, path: str | None) -> None:
    with visitor.client.application.test_request_context():
        assert local(path) == "/"
