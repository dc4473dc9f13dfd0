"""The OpenAPI document says what there is, and what there is does what it says."""

import re

import pytest
from werkzeug.routing import Map

from tests.conftest import doodle

METHODS = {"GET", "POST", "PATCH", "PUT", "DELETE"}


@pytest.fixture
def document(client):
    """The document, as served."""
    return client.get("/api/v1/openapi.json").get_json()


def routes(url_map: Map) -> set[tuple[str, str]]:
    """Every method and path below /api, paths as OpenAPI writes them."""
    return {
        (method, re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", rule.rule))
        for rule in url_map.iter_rules()
        if rule.rule.startswith("/api")
        for method in (rule.methods or set()) & METHODS
    }


def test_every_route_is_described_and_nothing_else(app, document):
    described = {(method.upper(), path) for path, calls in document["paths"].items() for method in calls}
    assert described == routes(app.url_map)


def test_every_call_says_what_it_does_and_answers(document):
    assert document["openapi"].startswith("3.1")
    names = set()
    for path, calls in document["paths"].items():
        for method, told in calls.items():
            where = f"{method} {path}"
            assert len(told["summary"]) > 5, where
            assert any(code.startswith(("2", "3")) for code in told["responses"]), where
            assert {each["name"] for each in told["parameters"] if each["in"] == "path"} == set(
                re.findall(r"{(\w+)}", path)
            ), where
            names.add(told["operationId"])
            if method not in ("get", "delete"):
                bodiless = ("cancel", "publish", "resume", "pause", "stop")
                assert "requestBody" in told or path.endswith(bodiless), where
    assert len(names) == sum(len(calls) for calls in document["paths"].values())


def refs(value: object) -> set[str]:
    """Every schema that is referred to, at any depth."""
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(refs(inner) for inner in value.values()))
    return set().union(*(refs(inner) for inner in value)) if isinstance(value, list) else set()


def test_every_schema_referred_to_is_there_and_none_is_idle(document):
    names = {ref.removeprefix("#/components/schemas/") for ref in refs(document)}
    assert names == set(document["components"]["schemas"])


def matches(value: object, schema: dict, schemas: dict) -> None:
    """Hold a value against the parts of JSON Schema that the document uses for answers."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix("#/components/schemas/")]
    if "anyOf" in schema:
        kinds = [each for each in schema["anyOf"] if (each.get("type") == "null") == (value is None)]
        assert kinds, (value, schema)
        return matches(value, kinds[0], schemas)
    types = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    if "type" in schema and schema["type"] != "null":
        assert isinstance(value, types[schema["type"]]), (value, schema)
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"])
        for name, inner in value.items():
            matches(inner, schema["properties"][name], schemas)
    if isinstance(value, list) and "items" in schema:
        for inner in value:
            matches(inner, schema["items"], schemas)
    return None


def test_answers_are_as_described(document, ann, bob, red_cat):
    entry = ann.draw(red_cat)
    bob.post(f"/entries/{entry['id']}/captions", {"text": "red"})
    paths = {
        "/prompts": "/prompts", "/prompts/{prompt_id}": f"/prompts/{red_cat}", "/stats": "/stats", "/me": "/me",
        "/prompts/{prompt_id}/leaderboard": f"/prompts/{red_cat}/leaderboard",
        "/entries/{entry_id}": f"/entries/{entry['id']}",
        "/entries/{entry_id}/verdict": f"/entries/{entry['id']}/verdict", "/search": "/search?q=red",
        "/entries/{entry_id}/captions": f"/entries/{entry['id']}/captions",
    }  # fmt: skip
    for described, path in paths.items():
        answer = document["paths"]["/api/v1" + described]["get"]["responses"]["200"]
        matches(
            ann.get(path).get_json(), answer["content"]["application/json"]["schema"], document["components"]["schemas"]
        )
    handed_in = document["paths"]["/api/v1/prompts/{prompt_id}/drawings"]["post"]
    told = ann.post(f"/prompts/{red_cat}/drawings", doodle("blue")).get_json()
    schema = handed_in["responses"]["201"]["content"]["application/json"]["schema"]
    matches(told, schema, document["components"]["schemas"])
    problem = handed_in["responses"]["422"]["content"]["application/problem+json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem"}
