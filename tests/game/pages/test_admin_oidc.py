"""Coming in through a provider: one on this machine that vouches for whom a test wants, with real signatures."""

import hashlib
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from game import create_app
from game.judging import INJECTED
from game.rules import accounts, players
from tests.game.pages.conftest import QuickJudge, Visitor

pytest.importorskip("authlib")
jwt = pytest.importorskip("joserfc.jwt")
jwk = pytest.importorskip("joserfc.jwk")


@dataclass
class Provider:
    """Vouches for `subject`; `changes` go over what it says of them, `key` signs it."""

    address: str = ""
    subject: str = "ann-17"
    key: Any = None
    published: Any = None
    changes: dict[str, Any] = field(default_factory=dict)
    begun: dict[str, dict[str, str]] = field(default_factory=dict)

    def token(self, code: str, verifier: str) -> dict[str, Any]:
        """What a code is worth; its beginner has to know the verifier (PKCE)."""
        asked = self.begun.pop(code)
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        assert challenge == asked["code_challenge"]
        moment = int(time.time())
        claims = {"iss": self.address, "aud": "paintoff", "sub": self.subject, "name": "Ann Provided", "iat": moment}
        claims |= {"exp": moment + 60, "nonce": asked["nonce"], **self.changes}
        told = jwt.encode({"alg": "RS256", "kid": "k"}, claims, self.key)
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": told}


@pytest.fixture(scope="session")
def keys() -> list[Any]:
    """Two keys; making one takes a while."""
    return [jwk.RSAKey.generate_key(2048, {"kid": "k", "alg": "RS256", "use": "sig"}) for _ in range(2)]


@pytest.fixture
def provider(keys: list[Any]) -> Iterator[Provider]:
    """A provider on this machine."""
    told = Provider(key=keys[0], published=keys[0])

    class Handler(BaseHTTPRequestHandler):
        """Answers as OpenID Connect's discovery, keys and token endpoint."""

        def do_GET(self) -> None:
            if self.path.endswith("/jwks"):
                self._say({"keys": [told.published.as_dict(private=False)]})
                return
            pages = {"authorization": "authorize", "token": "token"}
            found = {f"{name}_endpoint": f"{told.address}/{page}" for name, page in pages.items()}
            found |= {"issuer": told.address, "jwks_uri": f"{told.address}/jwks"}
            self._say(found | {"id_token_signing_alg_values_supported": ["RS256"]})

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._say(told.token(sent["code"][0], sent["code_verifier"][0]))

        def _say(self, value: object) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def there(app: Flask, provider: Provider) -> Flask:
    """The game with a provider."""
    given = {"OIDC_ISSUER": provider.address, "OIDC_CLIENT": "paintoff", "OIDC_SECRET": "s3cret"}
    made = create_app({"DATA": app.config["PAINTOFF"].data, "RATE_LIMITS": "off", **given})
    made.extensions[INJECTED] = QuickJudge()
    return made


@pytest.fixture
def come(provider: Provider) -> Callable[..., TestResponse]:
    """Goes to the provider, whose owner agrees, and comes back; `state` replaces the one that was given along."""

    def _come(visitor: Visitor, key: str = "", state: str | None = None) -> TestResponse:
        answer = visitor.client.get("/admin/oidc/begin", query_string={"key": key})
        assert answer.location.startswith(f"{provider.address}/authorize")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}
        assert asked["client_id"] == "paintoff"
        provider.begun["code"] = asked
        return visitor.client.get("/admin/oidc/back", query_string={"code": "code", "state": state or asked["state"]})

    return _come


def invited(app: Flask, role: str = "admin") -> str:
    """The key of an invitation."""
    with app.app_context():
        return players.one_time_link(role).split("=")[1]


def test_an_invitation_makes_an_identity_known_and_it_opens_the_door_again(there: Flask, come: Any) -> None:
    first, again = Visitor(there.test_client()), Visitor(there.test_client())
    assert come(first, invited(there)).location == "/admin/"
    first.sees("/admin/prompts")
    come(again)
    again.sees("/admin/prompts")
    with there.app_context():
        (one,) = accounts.keepers()
        assert (one.name, one.external, one.sessions) == ("Ann Provided", True, 2)


def test_a_stranger_with_an_identity_stays_outside(there: Flask, come: Any) -> None:
    stranger = Visitor(there.test_client())
    assert come(stranger).status_code == 403
    assert stranger.client.get("/admin/prompts").location == "/admin/login"


def test_who_is_signed_in_adds_an_identity(there: Flask, come: Any) -> None:
    keeper, later = Visitor(there.test_client()), Visitor(there.test_client())
    with there.app_context():
        link = players.one_time_link()
    keeper.sends(link, "/admin/login")
    assert "Also come in" in keeper.sees("/admin/account")
    come(keeper)
    come(later)
    later.sees("/admin/prompts")
    with there.app_context():
        assert len(accounts.keepers()) == 1


def test_a_closed_account_is_not_opened_by_the_provider(there: Flask, come: Any) -> None:
    come(Visitor(there.test_client()), invited(there, "moderator"))
    come_later = Visitor(there.test_client())
    with there.app_context():
        players.use_link(invited(there))
        accounts.close(next(one.id for one in accounts.keepers() if one.role == "moderator"))
    assert come(come_later).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [{"nonce": "another"}, {"aud": "another"}, {"iss": "http://another"}, {"exp": 1}],
    ids=lambda each: next(iter(each)),
)
def test_what_was_not_said_to_us_now_lets_nobody_in(
    there: Flask, provider: Provider, come: Any, changes: dict[str, Any]
) -> None:
    come(Visitor(there.test_client()), invited(there))
    provider.changes = changes
    assert come(Visitor(there.test_client())).status_code == 403


def test_another_state_or_another_key_lets_nobody_in(
    there: Flask, provider: Provider, come: Any, keys: list[Any]
) -> None:
    come(Visitor(there.test_client()), invited(there))
    assert come(Visitor(there.test_client()), state="forged").status_code == 403
    provider.key = keys[1]
    assert come(Visitor(there.test_client())).status_code == 403


def test_without_a_provider_there_is_no_such_door(visitor: Visitor) -> None:
    visitor.sees("/admin/oidc/begin", 404)
    assert "provider" not in visitor.sees("/admin/login")
