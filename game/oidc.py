"""The door to an OpenID Connect provider, by Authlib (the extra [oidc]): who somebody is, as others vouch for them.

https://openid.net/specs/openid-connect-core-1_0.html, the authorization code flow with state, nonce and PKCE.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any

from flask import current_app, session
from werkzeug.wrappers import Response

EXTENSION = "paintoff.oidc"
INVITATION = "oidc_invitation"  # in the session, while its visitor is with the provider


class NotVouched(RuntimeError):
    """The provider does not say who somebody is; the message is for the log."""


@dataclass(frozen=True)
class Identity:
    """Who somebody is: unique among all of a provider's, for good; the name is what they are called there."""

    issuer: str
    subject: str
    name: str


def is_there() -> bool:
    """Whether a provider is configured and Authlib is installed."""
    return bool(current_app.config["PAINTOFF"].oidc_issuer) and importlib.util.find_spec("authlib") is not None


def begin(back: str, invitation: str = "") -> Response:
    """Send the visitor to the provider, which sends them `back`; an invitation's key waits in the session meanwhile."""
    session[INVITATION] = invitation
    try:
        answer: Response = _client().authorize_redirect(back)
    except Exception as error:  # whatever the library, the network or the provider finds
        raise NotVouched(f"{type(error).__name__}: {error}") from error
    return answer


def arrive() -> tuple[Identity, str]:
    """Return who came back from the provider, and the invitation that they began with, if any; raises NotVouched."""
    try:
        told = _client().authorize_access_token()["userinfo"]
        found = Identity(str(told["iss"]), str(told["sub"]), str(told.get("name", ""))[:40])
    except Exception as error:
        raise NotVouched(f"{type(error).__name__}: {error}") from error
    return found, str(session.pop(INVITATION, ""))


def _client() -> Any:
    """The provider as Authlib knows it; what it publishes about itself is read at its first need."""
    known = current_app.extensions.get(EXTENSION)
    if known is None:
        from authlib.integrations.flask_client import OAuth

        settings = current_app.config["PAINTOFF"]
        known = current_app.extensions[EXTENSION] = OAuth(current_app).register(
            "provider",
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_id=settings.oidc_client,
            client_secret=settings.oidc_secret,
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": 10},
        )
    return known
