"""A team in a room, each with a browser of their own: together in the lobby, at the sheets, at the reveal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from game.extensions import db
from game.models import Room, RoomRound
from game.tables import now
from tests.browser.sheet import SWIRL
from tests.browser.stage import Server, Visit

PATIENCE = 120_000  # ms for the judge to load on a busy machine
WORDS = "a room full of swirls"


def open_room(page: Page, timer: str = "No timer: until the host reveals") -> str:
    """Opens a room with words of its own; returns its address."""
    page.goto("/rooms/new")
    page.get_by_label("Your name in the room").fill("Ann")
    page.get_by_label("We bring our own words").check()
    page.get_by_label("One prompt a line").fill(f"{WORDS}\nthe second one")
    page.get_by_label("Time for each drawing").select_option(timer)
    page.get_by_role("button", name="Open the room").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ann’s room")
    return page.get_by_label("Whoever has this link").input_value()


def come_in(page: Page, link: str, name: str) -> None:
    """Follows the link and takes a seat."""
    page.goto(link)
    page.get_by_label("Your name in this room").fill(name)
    page.get_by_role("button", name="Come in").click()
    expect(page.locator(".room-seat", has_text=name)).to_contain_text("you")


def swirl(page: Page) -> None:
    """Draws something on the sheet that is open."""
    page.locator("[data-draw][data-ready]").wait_for()
    box = page.locator("[data-sheet]").bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SWIRL[::4]]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()
    expect(page.locator("[data-draw]")).to_have_attribute("data-ops", "1")


def test_a_team_meets_draws_and_sees_everything_at_once(visit: Visit) -> None:
    host, guest = visit(), visit()
    link = open_room(host)
    come_in(guest, link, "Bob")
    expect(host.locator(".room-seat", has_text="Bob")).to_be_visible()  # without a reload
    host.get_by_role("button", name="Start").click()
    guest.wait_for_url("**/draw")
    expect(guest.get_by_role("heading", level=1)).to_have_text(WORDS)
    swirl(guest)
    guest.get_by_role("button", name="Show it to the judge").click()
    guest.wait_for_url(link, timeout=PATIENCE)
    expect(guest.get_by_text("Yours is in")).to_be_visible()
    expect(guest.locator(".hung")).to_have_count(0)
    host.goto(link)
    expect(host.locator(".room-seat", has_text="Bob")).to_contain_text("handed in")
    host.get_by_role("link", name="Draw it").click()
    swirl(host)
    host.get_by_role("button", name="Show it to the judge").click()
    host.wait_for_url(link, timeout=PATIENCE)
    host.get_by_role("button", name="Reveal").click()
    for page in (host, guest):
        expect(page.locator(".hung")).to_have_count(2)
    expect(guest.locator("[data-told]")).to_contain_text("Revealed")
    host.get_by_role("button", name="Next prompt").click()
    guest.wait_for_url("**/draw")
    expect(guest.get_by_role("heading", level=1)).to_have_text("the second one")
    expect(guest.locator("[data-draw]")).to_have_attribute("data-ops", "0")


def test_at_the_end_of_the_time_the_browser_hands_in_what_is_there(visit: Visit, server: Server) -> None:
    host = visit()
    link = open_room(host, "10 minutes")
    host.get_by_role("button", name="Start").click()
    expect(host.get_by_role("heading", name=WORDS)).to_be_visible()
    host.goto(f"{link}/draw")
    swirl(host)
    expect(host.get_by_role("timer")).to_have_text(re.compile(r"^(10|9):\d\d$"))
    with server.app.app_context():
        room_id = link.rsplit("/", 1)[1]
        db.session.execute(update(RoomRound).where(RoomRound.number == 1).values(ends_at=now() + timedelta(seconds=2)))
        db.session.execute(update(Room).where(Room.id == room_id).values(version=Room.version + 1))
        db.session.commit()
    host.wait_for_url(link, timeout=PATIENCE)
    expect(host.get_by_role("timer")).to_have_text("Time is up")
    expect(host.locator(".room-seat", has_text="Ann")).to_contain_text("handed in")


def test_a_room_keeps_up_where_no_event_comes_through_and_after_a_broken_line(visit: Visit) -> None:
    host, guest = visit(), visit()
    link = open_room(host)
    guest.route("**/events", lambda route: route.fulfill(status=204))
    come_in(guest, link, "Bob")
    guest.wait_for_load_state()
    guest.context.set_offline(True)
    host.get_by_role("button", name="Start").click()
    expect(host.get_by_role("heading", name=WORDS)).to_be_visible()
    guest.context.set_offline(False)
    guest.wait_for_url("**/draw")
    # A lost tab: the same browser comes back as the same person, the host with the host's powers.
    other = host.context.new_page()
    host.close()
    other.goto(link)
    expect(other.get_by_role("button", name="Reveal")).to_be_visible()


@pytest.mark.parametrize(("width", "light"), [(320, "dark"), (1280, "light")])
def test_a_room_keeps_nobody_out(visit: Visit, width: int, light: str) -> None:
    page = visit(viewport={"width": width, "height": 800}, color_scheme=light, bypass_csp=True)
    link = open_room(page)
    addresses = ["/rooms/new", link]
    page.get_by_role("button", name="Start").click()
    check(page, [*addresses, f"{link}/draw"], width)
    page.goto(link)
    page.get_by_role("button", name="Reveal").click()
    check(page, [link, f"{link}/page"], width)


def check(page: Page, addresses: list[str], width: int) -> None:
    """Holds pages against what a checker of accessibility finds, and against their window's width."""
    for address in addresses:
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_five_people_in_one_room_see_each_other_and_one_is_taken_out(visit: Visit) -> None:
    host, *guests = (visit() for _ in range(5))
    link = open_room(host)
    names = ("Bob", "Cleo", "Dan", "Eve")
    for guest, name in zip(guests, names, strict=True):
        come_in(guest, link, name)
    for page in (host, *guests):
        expect(page.locator(".room-seat")).to_have_count(5)  # without a reload
    host.get_by_text("Take somebody out of the room").click()
    host.get_by_role("button", name="Take out Eve").click()
    expect(guests[-1].get_by_text("the jury holds nothing against you")).to_be_visible()
    for page in (host, *guests[:-1]):
        expect(page.locator(".room-seat")).to_have_count(4)
    host.get_by_role("button", name="Start").click()
    for guest in guests[:-1]:
        guest.wait_for_url("**/draw")
    assert guests[-1].url == link
