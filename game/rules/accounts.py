"""Accounts of those who keep order: names with passwords, two roles, invitations.

A moderator reviews what waits; an administrator may do everything. The first administrator comes in by a one-time link.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Account, AdminLink, Player, SignIn, Token
from game.rules import players, sign_ins
from game.rules.refusals import Conflict, Invalid, Missing
from game.tables import now

ADMIN, MODERATOR = "admin", "moderator"
ROLES = (ADMIN, MODERATOR)
UNNAMED = (None, "Admin", "Moderator")  # what a link calls whom it lets in
LEAST, MOST = 12, 200  # characters of a password
LONGEST_LOGIN = 60
HASHER = PasswordHasher()  # argon2id with the library's parameters: RFC 9106's second choice


@dataclass(frozen=True)
class Keeper:
    """Somebody who keeps order."""

    id: str
    name: str | None
    role: str
    login: str | None
    external: bool
    sessions: int
    seen_at: datetime | None


@dataclass(frozen=True)
class Invitation:
    """A link that nobody has used yet; `id` is the beginning of its checksum."""

    id: str
    role: str
    created_at: datetime
    expires_at: datetime


def role_of(player: Player) -> str | None:
    """Return a player's role, None for one who only plays."""
    if player.is_admin:
        return ADMIN
    return MODERATOR if player.is_moderator else None


def set_password(player: Player, login: str, password: str, but: str = "") -> None:
    """Let somebody who keeps order sign in with a name and a password; their sessions end, but the one with key `but`.

    Raises Invalid, and Conflict for a name that is taken.
    """
    login, password = _checked_login(login), unicodedata.normalize("NFC", password)
    if not LEAST <= len(password) <= MOST:
        raise Invalid([("#/password", f"A password has {LEAST} to {MOST} characters. Several words are a good one.")])
    if login in password.casefold():
        raise Invalid([("#/password", "The password holds the name. Take another one.")])
    account = of(player) or Account(player_id=player.id)
    account.login, account.password = login, HASHER.hash(password)
    player.name = login if player.name in UNNAMED else player.name
    db.session.add(account)
    try:
        sign_ins.revoke_all(player.id, but)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Conflict("Somebody else signs in with this name. Take another one.") from None


def sign_in(login: str, password: str) -> Player | None:
    """Return who signs in with these, None where they are wrong; it takes as long whether or not the name is known."""
    account = db.session.scalar(select(Account).where(Account.login == normal(login)))
    kept = None if account is None else account.password
    password = unicodedata.normalize("NFC", password[: 2 * MOST])
    try:
        right: bool = HASHER.verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        right = False
    if account is None or kept is None or not right:
        return None
    player = db.session.get_one(Player, account.player_id)
    if not player.keeps_order:
        return None
    if HASHER.check_needs_rehash(kept):
        account.password = HASHER.hash(password)
        db.session.commit()
    return player


def by_identity(issuer: str, subject: str) -> Player | None:
    """Return who keeps order under a provider's identity, None where nobody does."""
    found = select(Player).join(Account, Account.player_id == Player.id)
    player = db.session.scalar(found.where(Account.issuer == issuer, Account.subject == subject))
    return player if player is not None and player.keeps_order else None


def set_identity(player: Player, issuer: str, subject: str, name: str) -> None:
    """Let somebody who keeps order come in under a provider's identity; raises Conflict for one that is taken."""
    account = of(player) or Account(player_id=player.id)
    account.issuer, account.subject = issuer, subject
    if name and player.name in UNNAMED:
        player.name = name
    db.session.add(account)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Conflict("Somebody else comes in under this identity.") from None


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """The checksum of a password that nobody has, to compare with where there is none."""
    return HASHER.hash(players.digest("nobody"))


def of(player: Player) -> Account | None:
    """Return how a player signs in, None for who came by a link and set nothing yet."""
    return db.session.get(Account, player.id)


def keepers() -> list[Keeper]:
    """Return everybody who keeps order, administrators first."""
    running = select(SignIn.player_id, func.count().label("open"), func.max(SignIn.seen_at).label("seen"))
    running = running.where(SignIn.revoked_at.is_(None), SignIn.seen_at > now() - sign_ins.LASTS)
    found = running.group_by(SignIn.player_id).subquery()
    query = (
        select(Player, Account, found.c.open, found.c.seen)
        .outerjoin(Account, Account.player_id == Player.id)
        .outerjoin(found, found.c.player_id == Player.id)
        .where(Player.is_admin | Player.is_moderator)
        .order_by(Player.is_admin.desc(), Player.created_at, Player.id)
    )
    return [_keeper(player, account, count or 0, seen) for player, account, count, seen in db.session.execute(query)]


def _keeper(player: Player, account: Account | None, count: int, seen: datetime | None) -> Keeper:
    login, external = (account.login, account.subject is not None) if account is not None else (None, False)
    return Keeper(player.id, player.name, role_of(player) or "", login, external, count, seen)


def give_role(player_id: str, role: str) -> None:
    """Make somebody who keeps order an administrator or a moderator; raises Missing, Invalid, Conflict."""
    if role not in ROLES:
        raise Invalid([("#/role", f"A role is {' or '.join(ROLES)}.")])
    player = _keeping(player_id)
    if role != ADMIN:
        _require_another(player)
    player.is_admin, player.is_moderator = role == ADMIN, role == MODERATOR
    db.session.commit()


def close(player_id: str) -> None:
    """Take somebody's role, password, tokens and sessions away; what they decided stays. Raises Missing, Conflict."""
    player = _keeping(player_id)
    _require_another(player)
    player.is_admin = player.is_moderator = False
    account = of(player)
    if account is not None:
        db.session.delete(account)
    sign_ins.revoke_all(player.id)
    db.session.execute(delete(Token).where(Token.player_id == player.id))
    db.session.commit()


def invitations() -> list[Invitation]:
    """Return the links that may still be used, the latest first."""
    query = select(AdminLink).where(AdminLink.used_at.is_(None), AdminLink.expires_at > now())
    rows: Sequence[AdminLink] = db.session.scalars(query.order_by(AdminLink.created_at.desc())).all()
    return [Invitation(row.hash[:16], row.role, row.created_at, row.expires_at) for row in rows]


def withdraw(invitation_id: str) -> None:
    """Make a link useless; raises Missing."""
    query = select(AdminLink).where(AdminLink.used_at.is_(None))
    found = query.where(AdminLink.hash.startswith(invitation_id, autoescape=True))
    link = db.session.scalars(found).first() if len(invitation_id) == 16 else None
    if link is None:
        raise Missing("There is no such invitation. It may have been used.")
    link.expires_at = now()
    db.session.commit()


def _keeping(player_id: str) -> Player:
    player = players.get(player_id)
    if not player.keeps_order:
        raise Missing("This player does not keep order.")
    return player


def _require_another(player: Player) -> None:
    # Locked by writing first: of two administrators who close each other, one stays.
    db.session.execute(update(Player).where(Player.is_admin).values(is_admin=True))
    others = select(Player.id).where(Player.is_admin, Player.id != player.id).limit(1)
    if player.is_admin and db.session.scalar(others) is None:
        db.session.rollback()
        raise Conflict("This is the only administrator. Invite another one first.")


def _checked_login(login: str) -> str:
    login = normal(login)
    if not 2 <= len(login) <= LONGEST_LOGIN or not login.isprintable():
        raise Invalid([("#/login", f"A name to sign in with has 2 to {LONGEST_LOGIN} characters that can be seen.")])
    return login


def normal(login: str) -> str:
    """Return a name to sign in with as it is kept."""
    return " ".join(unicodedata.normalize("NFKC", login).casefold().split())
