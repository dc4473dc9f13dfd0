"""Paintings: pictures by machines that are no drawings. They hang as they are, seen by judge and players alike."""

from __future__ import annotations

from PIL import Image

from game import judging
from game.extensions import db
from game.models import Player
from game.rules import pending, prompts
from game.rules.entries import EntryView
from game.rules.hanging import Sheet, hang, judged_painting
from game.rules.pending import PendingView
from game.rules.views import entry_views

SIDE = 512  # px, as wide as the picture of a drawing


def framed(picture: Image.Image) -> Image.Image:
    """Return a painting of any size as it hangs: RGB, SIDE x SIDE."""
    plain = picture.convert("RGB")
    return plain if plain.size == (SIDE, SIDE) else plain.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def hand_in(prompt_id: str, name: str, machine: Player, run: str) -> EntryView | PendingView:
    """Judge a framed painting, an object of the store (PNG), and hang it; a run hangs once, however often it is asked.

    While no judge answers it waits, and hangs as soon as it has been judged. Raises Missing for the prompt.
    """
    text = prompts.row(prompt_id).text
    sheet = Sheet(prompt_id=prompt_id, player_id=machine.id, kind=machine.kind, picture=name, drawing=None, run_id=run)
    db.session.commit()  # judging takes a while: no connection is held meanwhile
    try:
        entry = judged_painting(sheet, text)
    except judging.JudgeUnavailable:
        return pending.keep(sheet)
    return entry_views([hang(entry)])[0]
