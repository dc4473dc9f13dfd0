"""How a call of the API is declared: once, with what it takes and answers; that is checked, answered and described."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError

from game import identity
from game.api import answers, bodies
from game.rules import idempotency
from game.rules.refusals import Invalid

View = Callable[..., Any]
KEY_HEADER = "Idempotency-Key"


@dataclass(frozen=True)
class Answer:
    """What a call answers: the type of its JSON, or another `media`; with `keyed` it takes an Idempotency-Key."""

    schema: Any
    status: int = 200
    media: str = "application/json"
    keyed: bool = False


@dataclass(frozen=True)
class Body:
    """What a call takes: `schema` describes it, `read` turns decoded JSON into what the view gets, or raises a refusal.

    A body that is not `required` may be left out and is then read as an empty object.
    """

    schema: Any
    read: Callable[[object], Any]
    required: bool = True


@dataclass(frozen=True)
class Call:
    """A declared call, as the OpenAPI document shows it."""

    blueprint: str
    method: str
    path: str
    view: View
    answer: Answer
    query: type[BaseModel] | None
    body: Body | None
    refuses: Sequence[int]


@dataclass(frozen=True)
class Declared:
    """All calls, in the order of their declaration."""

    calls: list[Call] = field(default_factory=list)


DECLARED = Declared()


def call(
    blueprint: Blueprint,
    rule: str,
    answer: Answer,
    query: type[BaseModel] | None = None,
    body: Body | type[BaseModel] | None = None,
    refuses: Sequence[int] = (),
) -> Callable[[View], View]:
    """Declare a view as the call `rule`, such as "GET /prompts/<prompt_id>"; its docstring is the description.

    The view gets the path's values, and `query` and `body` where these are declared. What it returns is the answer's
    JSON, or a finished response. `refuses` are the statuses it may refuse with, besides those any call has.
    """
    method, path = rule.split(" ")
    takes = body if isinstance(body, Body) or body is None else model_body(body)

    def declare(view: View) -> View:
        @functools.wraps(view)
        def answered(**values: Any) -> Response:
            if query is not None:
                values["query"] = validate(query, request.args.to_dict())
            if takes is not None:
                values["body"] = takes.read(bodies.read_json() if takes.required or request.get_data() else {})
            return _answer(answer, lambda: view(**values))

        DECLARED.calls.append(Call(blueprint.name, method, path, answered, answer, query, takes, refuses))
        blueprint.add_url_rule(path, view.__name__, answered, methods=[method])
        return answered

    return declare


def model_body(model: type[BaseModel], required: bool = True) -> Body:
    """Return a body that is checked by a pydantic model."""
    return Body(model, functools.partial(validate, model), required)


def validate(model: type[BaseModel], given: object) -> Any:
    """Return the model of what is given; raises Invalid with a pointer to every field that is wrong."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        found = [(_pointer(each["loc"]), f"{each['msg'].removeprefix('Value error, ')}.") for each in error.errors()]
        raise Invalid(found) from None


def _pointer(place: Sequence[int | str]) -> str:
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)


def _answer(answer: Answer, view: Callable[[], Any]) -> Response:
    key = request.headers.get(KEY_HEADER) if answer.keyed else None
    if key is None:
        return _response(view(), answer.status)
    digest = idempotency.digest(request.method, request.full_path, request.get_data())
    status, told = idempotency.once(identity.require(), key, digest, lambda: (answer.status, answers.plain(view())))
    return _response(told, status)


def _response(value: Any, status: int) -> Response:
    if isinstance(value, Response):
        return value
    return answers.json_response(value, status)
