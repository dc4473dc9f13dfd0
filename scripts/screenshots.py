"""Plays a few rounds in a real browser and renews docs/screenshots; run by `make screenshots`."""

import io
import re
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from game.rules import drawing, entries, players, prompts
from tests import doodles
from tests.browser import stage
from tests.browser.hand import Hand

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
STARRING = "a raccoon driving a tractor"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 1_800_000  # ms for a machine to paint a whole picture, even beside other work
# Who drew what for which prompt, so that the walls look lived in.
DRAWN = {
    STARRING: ["car", "cat", "bus", "flower", "bicycle"],
    "a snail wearing a crown": ["a snail wearing a crown", "snail", "crown"],
    "a cactus wearing a hat": ["a cactus wearing a hat", "cactus", "hat"],
    "a duck wearing a helmet": ["duck"],
    "a duck holding a sword": ["duck", "sword"],
    "a red nose on a snowman": ["snowman"],
    "a blue banana": ["banana"],
    "a spider wearing eyeglasses": ["spider", "eyeglasses"],
}
NAMES = ["Grace", "Kofi", "Mei", "Tomás", "Priya", "Olu", "Ines"]


def hang(server: stage.Server) -> None:
    """Enters doodles under the names of some players."""
    with server.app.app_context():
        ids = {prompt.text: prompt.id for prompt in prompts.listing("new", None, 200).items}
        crowd = [players.anonymous()[0] for _ in NAMES]
        for text, words in DRAWN.items():
            for i, word in enumerate(words):
                who = (len(text) + i) % len(NAMES)
                entries.submit(ids[text], drawing.parse(doodles.drawing(word)), crowd[who], NAMES[who])


def paint(page: Page, server: stage.Server, text: str) -> None:
    """Lets a machine paint for a prompt and hang what it painted."""
    with server.app.app_context():
        link = players.one_time_link()
    page.goto(link)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("link", name=re.compile("^Runs")).click()
    page.locator("select[name=prompt_id]").select_option(label=text)
    page.get_by_role("button", name="Queue the run").click()
    expect(page.get_by_role("link", name="See it on the wall")).to_be_visible(timeout=PATIENCE)


def shoot(page: Page, name: str) -> None:
    """Keeps what the window shows, once all its pictures are there and nothing moves, in 256 colours to stay small."""
    page.wait_for_load_state("networkidle")
    shown = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    few = shown.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


def play(browser: Browser, server: stage.Server) -> None:
    """A round at the desk in the light, and the same wall on a phone in the dark."""
    admin = browser.new_context(base_url=server.url, viewport=DESK).new_page()
    paint(admin, server, STARRING)
    shoot(admin, "studio")
    player = browser.new_context(base_url=server.url, viewport=DESK).new_page()
    with server.app.app_context():
        prompt = next(prompt for prompt in prompts.listing("new", None, 200).items if prompt.text == STARRING)
    player.goto(f"/prompts/{prompt.id}/draw")
    Hand(player).draw(doodles.drawing(STARRING))
    player.get_by_label("Artist").fill("Ada")
    shoot(player, "draw")
    player.get_by_role("button", name="Show it to the judge").click()
    player.wait_for_url(re.compile("/verdict$"))
    shoot(player, "verdict")
    player.goto(f"/prompts/{prompt.id}")
    shoot(player, "board")
    player.goto("/")
    shoot(player, "home")
    phone = browser.new_context(base_url=server.url, viewport=PHONE, color_scheme="dark", has_touch=True).new_page()
    phone.goto(f"/prompts/{prompt.id}")
    shoot(phone, "board-phone-dark")


def main() -> None:
    """Serves a game of its own in a folder that is thrown away, and looks at it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, stage.serve(Path(folder)) as server:
        hang(server)
        with stage.work(server.data), stage.look() as browser:
            play(browser, server)
    for picture in sorted(PICTURES.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
