"""Who keeps order: passwords, roles, invitations, sessions."""

from datetime import timedelta

import pytest

from game.extensions import db
from game.models import Account, Player, SignIn
from game.rules import accounts, players, sign_ins
from game.rules.refusals import Conflict, Invalid, Missing
from game.tables import now

PASSWORD = "seven purple ducks"


@pytest.fixture(autouse=True)
def quick_hasher(monkeypatch):
    """Argon2 with little work; what is stored and how it is compared stays the same."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    accounts._nobodys.cache_clear()
    yield
    accounts._nobodys.cache_clear()


@pytest.fixture
def admin(context):
    """An administrator who came by a link."""
    return players.use_link(players.one_time_link().split("=")[1])


@pytest.fixture
def moderator(context):
    """A moderator who came by an invitation."""
    return players.use_link(players.one_time_link("moderator").split("=")[1])


def test_a_password_lets_its_owner_in_and_is_kept_as_argon2id_only(admin):
    accounts.set_password(admin, " Ann ", PASSWORD)
    assert accounts.sign_in("ANN", PASSWORD).id == admin.id
    kept = accounts.of(admin)
    assert (kept.login, kept.password[:10]) == ("ann", "$argon2id$")
    assert PASSWORD not in kept.password
    assert admin.name == "ann"


@pytest.mark.parametrize(
    ("login", "password"), [("ann", "seven purple duck"), ("bob", PASSWORD), ("", ""), ("ann", "x" * 9999)]
)
def test_what_is_wrong_lets_nobody_in(admin, login, password):
    accounts.set_password(admin, "ann", PASSWORD)
    assert accounts.sign_in(login, password) is None


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(admin, monkeypatch):
    accounts.set_password(admin, "ann", PASSWORD)
    compared = []
    hasher = accounts.HASHER

    class Counting:
        """Counts what is compared."""

        hash, check_needs_rehash = hasher.hash, hasher.check_needs_rehash

        def verify(self, kept, password):
            compared.append(kept.split("$")[3])  # the parameters: memory, time, lanes
            return hasher.verify(kept, password)

    monkeypatch.setattr(accounts, "HASHER", Counting())
    for login in ("ann", "nobody"):
        accounts.sign_in(login, "wrong and long enough")
    assert len(compared) == 2
    assert compared[0] == compared[1]


@pytest.mark.parametrize(
    ("login", "password"),
    [("a", PASSWORD), ("x" * 61, PASSWORD), ("ann", "short"), ("ann", "ann is the best"), ("ann", "x" * 201)],
)
def test_what_makes_no_good_account_is_refused(admin, login, password):
    with pytest.raises(Invalid):
        accounts.set_password(admin, login, password)


def test_a_name_is_one_persons(admin, moderator):
    accounts.set_password(admin, "ann", PASSWORD)
    with pytest.raises(Conflict):
        accounts.set_password(moderator, "Ann", PASSWORD)


def test_a_password_of_older_parameters_is_renewed(admin, monkeypatch):
    from argon2 import PasswordHasher

    accounts.set_password(admin, "ann", PASSWORD)
    before = accounts.of(admin).password
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    assert accounts.sign_in("ann", PASSWORD) is not None
    after = accounts.of(admin).password
    assert after != before
    assert "t=2" in after


def test_an_invitation_gives_its_role_and_can_be_taken_back(admin):
    kept = players.one_time_link("moderator", admin.id)
    lost = players.one_time_link("admin", admin.id)
    assert sorted(one.role for one in accounts.invitations()) == ["admin", "moderator"]
    accounts.withdraw(next(one.id for one in accounts.invitations() if one.role == "admin"))
    assert players.use_link(lost.split("=")[1]) is None
    guest = players.use_link(kept.split("=")[1])
    assert (guest.is_moderator, guest.is_admin, accounts.role_of(guest)) == (True, False, "moderator")
    assert accounts.invitations() == []
    with pytest.raises(Missing):
        accounts.withdraw("")


def test_roles_change_and_one_administrator_stays(admin, moderator, ann):
    with pytest.raises(Conflict):
        accounts.give_role(admin.id, "moderator")
    with pytest.raises(Conflict):
        accounts.close(admin.id)
    accounts.give_role(moderator.id, "admin")
    accounts.give_role(admin.id, "moderator")
    assert [(one.id, one.role) for one in accounts.keepers()] == [(moderator.id, "admin"), (admin.id, "moderator")]
    with pytest.raises(Missing):
        accounts.give_role(ann.id, "admin")
    with pytest.raises(Invalid):
        accounts.give_role(admin.id, "king")


def test_a_closed_account_opens_nothing_any_more(context, admin, moderator):
    accounts.set_password(moderator, "bob", PASSWORD)
    key, token = sign_ins.open_for(moderator, "curl"), players._token(moderator)
    accounts.close(moderator.id)
    assert accounts.sign_in("bob", PASSWORD) is None
    assert not sign_ins.is_open(key, moderator.id)
    assert players.by_token(token) is None
    assert db.session.get(Player, moderator.id).name == "bob"
    assert db.session.query(Account).count() == 0


def test_sessions_are_listed_and_ended(admin, moderator):
    here = sign_ins.open_for(admin, "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0")
    there = sign_ins.open_for(admin, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit Safari/604.1")
    assert {(one.browser, one.here) for one in sign_ins.listing(admin.id, here)} == {
        ("Firefox on Linux", True),
        ("Safari on iPhone", False),
    }
    assert not sign_ins.is_open(here, moderator.id)
    lost = next(one.id for one in sign_ins.listing(admin.id, here) if not one.here)
    with pytest.raises(Missing):
        sign_ins.revoke(lost, moderator.id)
    sign_ins.revoke(lost, admin.id)
    assert (sign_ins.is_open(here, admin.id), sign_ins.is_open(there, admin.id)) == (True, False)
    assert next(one.sessions for one in accounts.keepers() if one.id == admin.id) == 1


def test_a_new_password_ends_all_other_sessions(admin):
    here, there = sign_ins.open_for(admin, ""), sign_ins.open_for(admin, "")
    accounts.set_password(admin, "ann", PASSWORD, here)
    assert (sign_ins.is_open(here, admin.id), sign_ins.is_open(there, admin.id)) == (True, False)


def test_a_session_that_nobody_used_for_a_month_is_over(admin):
    key = sign_ins.open_for(admin, "")
    (row,) = db.session.query(SignIn)
    row.seen_at = now() - timedelta(minutes=6)
    db.session.commit()
    assert sign_ins.is_open(key, admin.id)
    db.session.refresh(row)
    assert row.seen_at > now() - timedelta(minutes=1)
    row.seen_at = now() - sign_ins.LASTS
    db.session.commit()
    assert not sign_ins.is_open(key, admin.id)
