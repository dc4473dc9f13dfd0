"""The door to whoever suggests prompts: any endpoint that speaks like OpenAI's chat completions.

https://platform.openai.com/docs/api-reference/chat; llama.cpp, vLLM, Ollama and others speak it, too.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any

from flask import current_app

from game.rules.refusals import Conflict

LARGEST = 200_000  # bytes of an answer
ORDERS = (
    "You suggest prompts for a drawing game. A prompt names one or two things, easy to draw and a little absurd, "
    "in at most ten plain English words, in lower case, without names of people or brands, and safe for everybody. "
    "Answer with one prompt a line and nothing else."
)


class MuseSilent(Conflict):
    """The endpoint does not answer, or not with prompts; the message says what it did."""


def is_there() -> bool:
    """Whether an endpoint is configured."""
    return bool(current_app.config["PAINTOFF"].suggest_url)


def name() -> str:
    """Return the name of the endpoint's model."""
    return str(current_app.config["PAINTOFF"].suggest_model)


def suggest(count: int, seeds: Sequence[str]) -> list[str]:
    """Return at most `count` texts in the manner of some seeds; raises MuseSilent."""
    settings = current_app.config["PAINTOFF"]
    wish = f"Examples:\n{chr(10).join(seeds)}\n\nSuggest {count} new ones, unlike the examples and each other."
    messages = [{"role": "system", "content": ORDERS}, {"role": "user", "content": wish}]
    body = json.dumps({"model": settings.suggest_model, "messages": messages, "temperature": 1.0}).encode()
    headers = {"Content-Type": "application/json"}
    if settings.suggest_key:
        headers["Authorization"] = f"Bearer {settings.suggest_key}"
    request = urllib.request.Request(f"{settings.suggest_url}/chat/completions", body, headers)
    return _lines(_said(_asked(request, settings.suggest_timeout)))[:count]


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: the key is for this endpoint."""

    def redirect_request(self, *_given: Any) -> None:
        return None


def _asked(request: urllib.request.Request, timeout: float) -> bytes:
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=timeout) as answer:
            contents: bytes = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        raise MuseSilent(f"The endpoint refused ({error.code}). Look at PAINTOFF_SUGGEST_KEY and _MODEL.") from None
    except (OSError, HTTPException):
        raise MuseSilent(f"The endpoint does not answer within {timeout:g} s. Nothing was lost; try again.") from None
    if len(contents) > LARGEST:
        raise MuseSilent("The endpoint talks too much. Its answer was left alone.")
    return contents


def _said(contents: bytes) -> str:
    try:
        said = json.loads(contents)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError):
        said = None
    if not isinstance(said, str):
        raise MuseSilent("The endpoint answers, but not like OpenAI's chat completions. Look at PAINTOFF_SUGGEST_URL.")
    return said


def _lines(said: str) -> list[str]:
    """The lines of an answer without numbers, dashes and quotes around them."""
    bare = (re.sub(r"^\s*(?:\d+[.)]|[-*•])?\s*", "", line).strip(" \t\"'“”.") for line in said.splitlines())
    return list(dict.fromkeys(line for line in bare if line))
