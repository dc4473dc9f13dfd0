"""Players: people, without a name until they choose one; machines, one for each prior; administrators."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import AdminLink, Player, Token
from game.rules import filters
from game.rules.refusals import Invalid, Missing
from game.sayings import say
from game.tables import new_id, now

LONGEST_NAME = 40
LINK_LASTS = timedelta(hours=24)


class NameRefused(Invalid):
    """A name that cannot hang on a wall; the message says what would do."""

    def __init__(self, detail: str) -> None:
        super().__init__([("#/name", detail)])


def anonymous(player_id: str | None = None) -> tuple[Player, str]:
    """Make a player without a name and return them with a bearer token, which is told this once."""
    player = ensure(player_id or new_id())
    return player, _token(player)


def ensure(player_id: str) -> Player:
    """Return the player of this id, made now if there is none: a visitor gets a row with their first act."""
    player = db.session.get(Player, player_id)
    if player is None:
        db.session.add(Player(id=player_id))
        try:
            db.session.commit()
        except IntegrityError:  # another request of the same visitor was quicker
            db.session.rollback()
        player = db.session.get_one(Player, player_id)
    return player


def find(player_id: str) -> Player | None:
    """Return the player of this id, None if there is none yet."""
    return db.session.get(Player, player_id)


def get(player_id: str) -> Player:
    """Return the player of this id; raises Missing."""
    player = db.session.get(Player, player_id)
    if player is None:
        raise Missing(say("There is no such player."))
    return player


def by_token(token: str) -> Player | None:
    """Return whose bearer token this is, None if nobody's."""
    return db.session.scalar(select(Player).join(Token).where(Token.hash == digest(token)))


def rename(player: Player, name: str) -> Player:
    """Give a player a name of 1 to 40 visible characters; raises NameRefused."""
    player.name = wall_name(name)
    db.session.commit()
    return player


def checked_name(name: str) -> str:
    """Return the name in its normal form, blanks tidied up; raises NameRefused."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise NameRefused(say("A name needs at least one letter. Without one you stay anonymous, which is fine, too."))
    if len(name) > LONGEST_NAME:
        raise NameRefused(
            say("A name has at most %(most)s characters, this one %(here)s.", most=LONGEST_NAME, here=len(name))
        )
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} for letter in name):
        raise NameRefused(say("The name holds characters that cannot be seen. Leave these out."))
    return name


def wall_name(name: str) -> str:
    """As `checked_name`, for a name without a word of the operator's list."""
    name = checked_name(name)
    if filters.unwanted_word(name) is not None:
        raise NameRefused(say("There is a word in this name that does not hang here. Take another one."))
    return name


def machine(prior: str) -> Player:
    """Return the machine that paints with this prior, made at its first need."""
    player = db.session.scalar(select(Player).where(Player.prior == prior))
    if player is None:
        db.session.add(Player(kind="ai", prior=prior, name=f"the {prior} machine"))
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
        player = db.session.scalars(select(Player).where(Player.prior == prior)).one()
    return player


def admin_token() -> str:
    """Make an administrator and return their bearer token, which is told this once."""
    return _token(_administrator())


def one_time_link(role: str = "admin", made_by: str | None = None) -> str:
    """Make a link for the first visitor to become an administrator with, or a moderator; returns its path.

    It lasts a day. `made_by` is the id of who invites, None for whoever has the machine itself.
    """
    key = secrets.token_urlsafe(24)
    db.session.add(AdminLink(hash=digest(key), role=role, made_by=made_by, expires_at=now() + LINK_LASTS))
    db.session.commit()
    return f"/admin/login?key={key}"


def use_link(key: str) -> Player | None:
    """Use a one-time key up and return whom it made, None for a key that is unknown, used or too old."""
    used = db.session.scalar(
        update(AdminLink)
        .where(AdminLink.hash == digest(key), AdminLink.used_at.is_(None), AdminLink.expires_at > now())
        .values(used_at=now())
        .returning(AdminLink.role)
    )
    if used is None:
        db.session.rollback()
        return None
    player = _administrator() if used == "admin" else _moderator()
    db.session.execute(update(AdminLink).where(AdminLink.hash == digest(key)).values(used_by=player.id))
    db.session.commit()
    return player


def has_admin() -> bool:
    """Whether anybody has become an administrator yet."""
    return db.session.scalar(select(Player.id).where(Player.is_admin).limit(1)) is not None


def digest(secret: str) -> str:
    """Return what is kept of a token: a plain SHA-256 will do, as tokens are random and long, unlike passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _administrator() -> Player:
    player = Player(id=new_id(), name="Admin", is_admin=True)
    db.session.add(player)
    db.session.flush()
    return player


def _moderator() -> Player:
    player = Player(id=new_id(), name="Moderator", is_moderator=True)
    db.session.add(player)
    db.session.flush()
    return player


def _token(player: Player) -> str:
    token = secrets.token_urlsafe(24)
    db.session.add(Token(hash=digest(token), player_id=player.id))
    db.session.commit()
    return token
