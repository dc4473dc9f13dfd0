"""Numbers for Prometheus: requests as they come, what is kept when asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from game.extensions import db
from game.models import Entry, Run
from game.rules import pending

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)  # seconds


class Kept(Collector):
    """Counts what is in the database at the moment of the question, within an application's context."""

    def describe(self) -> list[Any]:
        """Say nothing before being asked: the names are known, the database may not be there yet."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count entries by kind and state, runs by state, and what waits for the judge."""
        entries = GaugeMetricFamily("paintoff_entries", "Entries kept.", labels=["kind", "state"])
        for kind, state, count in db.session.execute(
            select(Entry.kind, Entry.state, func.count()).group_by(Entry.kind, Entry.state)
        ):
            entries.add_metric([kind, state], count)
        runs = GaugeMetricFamily("paintoff_runs", "Runs kept.", labels=["state"])
        for state, count in db.session.execute(select(Run.state, func.count()).group_by(Run.state)):
            runs.add_metric([state], count)
        yield entries
        yield runs
        yield GaugeMetricFamily("paintoff_pending", "Drawings that wait for the judge.", value=pending.count())


def register(app: Flask) -> None:
    """Count the application's requests."""
    registry = CollectorRegistry()
    registry.register(Kept())
    counted = Counter("paintoff_requests", "Requests answered.", ["endpoint", "method", "status"], registry=registry)
    timed = Histogram("paintoff_request_seconds", "Time to answer.", ["endpoint"], registry=registry, buckets=BUCKETS)
    app.extensions["paintoff.metrics"] = registry

    def begin() -> None:
        g.counted_from = time.perf_counter()

    def end(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        counted.labels(endpoint, request.method, response.status_code).inc()
        if "counted_from" in g:
            timed.labels(endpoint).observe(time.perf_counter() - g.counted_from)
        return response

    app.before_request(begin)
    app.after_request(end)


def text() -> bytes:
    """Return all numbers in Prometheus's text format."""
    return generate_latest(current_app.extensions["paintoff.metrics"])
