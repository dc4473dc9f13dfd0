"""The OpenAPI 3.1 document, made from the declared calls."""

from __future__ import annotations

import inspect
import re
from http import HTTPStatus
from typing import Any, get_args

from flask import Blueprint, Response, current_app
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass
from pydantic.json_schema import JsonSchemaMode

from game.api.answers import json_response
from game.api.calls import DECLARED, KEY_HEADER, Answer, Call, call
from game.extensions import limiter

api = Blueprint("api_openapi", __name__)
limiter.exempt(api)
REF = "#/components/schemas/{model}"


@dataclass
class Mistake:
    """A field that is wrong, as a JSON pointer into the body, and why."""

    pointer: str
    detail: str


@dataclass
class Problem:
    """A refusal or failure (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Mistake] | None = None


@call(api, "GET /openapi.json", Answer(dict[str, Any]))
def document() -> Response:
    """This document."""
    known = current_app.extensions.get("paintoff.openapi")
    if known is None:
        known = current_app.extensions["paintoff.openapi"] = describe()
    response = json_response(known)
    response.headers["Cache-Control"] = "no-cache"
    return response


def describe() -> dict[str, Any]:
    """Return the document."""
    schemas = _Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for each in DECLARED.calls:
        path = "/api/v1" + re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", each.path)
        paths.setdefault(path, {})[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Paint-Off",
            "version": "1",
            "description": "A drawing game judged by a CLIP model. Ids are opaque; times are ISO 8601 in UTC; "
            "similarities are cosines, percentiles 0 to 100. Lists are paged by cursor. A request body may be gzipped.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": [], "csrf": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.all(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "From POST /api/v1/players."},
                "session": {"type": "apiKey", "in": "cookie", "name": "paintoff"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "With a session."},
            },
        },
    }


class _Schemas:
    """The document's schemas, each under the name of its type."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def ref(self, kind: Any, mode: JsonSchemaMode) -> dict[str, Any]:
        """Return a reference to a type's schema, or a small schema itself."""
        schema = TypeAdapter(kind).json_schema(mode=mode, ref_template=REF)
        self._known.update(schema.pop("$defs", {}))
        if "properties" not in schema:
            return schema
        parts = [kind, *get_args(kind)]  # Page_EntryView for Page[EntryView]
        name = schema["title"] = "_".join(part.__name__ for part in parts)
        self._known[name] = schema
        return {"$ref": REF.format(model=name)}

    def all(self) -> dict[str, Any]:
        """Return all schemas that are referred to."""
        return dict(sorted(self._known.items()))


def _operation(each: Call, schemas: _Schemas) -> dict[str, Any]:
    description = inspect.getdoc(each.view) or ""
    operation: dict[str, Any] = {
        "operationId": each.view.__name__,
        "tags": [each.blueprint.removeprefix("api_")],
        "summary": description.split(".")[0] + ".",
        "description": description,
        "parameters": [*_path_parameters(each), *_query_parameters(each), *_key_parameter(each)],
        "responses": _responses(each, schemas),
    }
    if each.body is not None:
        schema = schemas.ref(each.body.schema, "validation")
        operation["requestBody"] = {"required": each.body.required, "content": {"application/json": {"schema": schema}}}
    return operation


def _path_parameters(each: Call) -> list[dict[str, Any]]:
    names = re.findall(r"<(?:[^:>]*:)?(\w+)>", each.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(each: Call) -> list[dict[str, Any]]:
    if each.query is None:
        return []
    schema = each.query.model_json_schema()
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": values}
        for name, values in schema.get("properties", {}).items()
    ]


def _key_parameter(each: Call) -> list[dict[str, Any]]:
    if not each.answer.keyed:
        return []
    told = "The same key and body are answered with the first result."
    return [{"name": KEY_HEADER, "in": "header", "description": told, "schema": {"type": "string", "maxLength": 200}}]


def _responses(each: Call, schemas: _Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(each.answer.status).phrase}
    if each.answer.media == "application/json":
        answer["content"] = {each.answer.media: {"schema": schemas.ref(each.answer.schema, "serialization")}}
    elif each.answer.media:
        answer["content"] = {each.answer.media: {}}
    refused = {429, *each.refuses}
    if each.query is not None or each.body is not None or each.answer.keyed:
        refused.add(422)
    if each.body is not None:
        refused |= {400, 413, 415}
    problem = {"application/problem+json": {"schema": schemas.ref(Problem, "serialization")}}
    told: dict[str, dict[str, Any]] = {
        str(code): {"description": HTTPStatus(code).phrase, "content": problem} for code in sorted(refused)
    }
    for code in {"429", "503"} & told.keys():
        told[code]["headers"] = {"Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}}}
    return {str(each.answer.status): answer, **told}
