"""``GET /metrics``: figures for whoever watches the service, in the text format of Prometheus.

Nothing is counted here between two askings: each figure is read when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import parse_instant
from ..db.engine import begin_read
from ..errors import Broken
from ..http.contract import answers_with, needs
from ..http.door import Door
from ..ledger.entry import decode_entry
from ..ledger.standing import Standing
from ..ledger.store import read_head, read_row
from ..queries.ledger import witness_states
from ..scans.recorder import Recorder
from ..search.index import SearchIndex
from .health import Kept, behind


def make_router(
    door: Door,
    ledger: Engine,
    standing: Callable[[], Standing],
    parts: Mapping[str, Kept],
    recorder: Recorder,
    index: SearchIndex,
) -> APIRouter:
    router = APIRouter(tags=["operation 运行"])

    @router.get(
        "/metrics",
        summary="运行指标 metrics",
        response_class=Response,
        responses=answers_with("text/plain", "Prometheus 文本格式 the text format of Prometheus"),
        openapi_extra=needs(Action.READ_METRICS),
    )
    def metrics(request: Request) -> Response:
        """Size of the ledger, whether it writes, what waits to be recorded and what was turned away, what lags behind
        it and for how long, how the search engine stands, code checks that were not kept, and how far and how lately witnesses
        cosigned."""
        door.allowed(request, Action.READ_METRICS)
        registry = CollectorRegistry()
        registry.register(_Read(list(figures())))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    def figures() -> Iterator[Metric]:
        with begin_read(ledger) as tx:
            size = read_head(tx).size
        with begin_read(door.desk) as tx:
            witnesses = witness_states(tx)
        now = standing()
        yield GaugeMetricFamily("cabletrace_ledger_entries", "Entries on the ledger.", size)
        yield GaugeMetricFamily(
            "cabletrace_ledger_writes",
            "1 while the ledger writes, 0 once it has stopped and while it is started anew.",
            not (now.stopped or now.paused),
        )
        yield GaugeMetricFamily(
            "cabletrace_waiting_proposals",
            "Proposals that wait for the commit that decides them.",
            now.waiting,
        )
        yield GaugeMetricFamily("cabletrace_waiting_bytes", "Bytes of these.", now.waiting_bytes)
        yield CounterMetricFamily(
            "cabletrace_turned_away_proposals",
            "Proposals for which there was no room since the start.",
            now.turned_away,
        )
        yield CounterMetricFamily(
            "cabletrace_committer_restarts",
            "How often a committer that had died was started anew since the start.",
            now.restarts,
        )
        yield GaugeMetricFamily(
            "cabletrace_waiting_checks", "Checks of codes that wait to be written.", recorder.waiting
        )
        yield CounterMetricFamily(
            "cabletrace_dropped_checks",
            "Checks of codes that were answered but not recorded since the start.",
            recorder.dropped,
        )
        lag = GaugeMetricFamily(
            "cabletrace_behind_entries", "Entries that a part has still to read.", labels=["part"]
        )
        waited = GaugeMetricFamily(
            "cabletrace_behind_seconds",
            "For how long the first of these entries has been on the ledger.",
            labels=["part"],
        )
        for name, kept in parts.items():
            entries = behind(kept.reached, size)
            if entries is not None:  # one that has ended by itself has no figure; readiness names it
                lag.add_metric([name], entries)
                waited.add_metric([name], _waited(size - entries) if entries else 0)
        yield from (lag, waited, *_of_search())
        cosigned = GaugeMetricFamily(
            "cabletrace_cosigned_entries", "Entries that a witness has cosigned.", labels=["witness"]
        )
        age = GaugeMetricFamily(
            "cabletrace_cosignature_age_seconds", "Age of a witness's newest cosignature.", labels=["witness"]
        )
        contradicts = GaugeMetricFamily(
            "cabletrace_witness_contradicts", "1 while a witness holds another history.", labels=["witness"]
        )
        for each in witnesses:
            cosigned.add_metric([each.name], each.size or 0)
            contradicts.add_metric([each.name], each.contradiction is not None)
            if each.at is not None:
                age.add_metric([each.name], (door.clock() - each.at).total_seconds())
        yield from (cosigned, age, contradicts)

    def _waited(first: int) -> float:
        with begin_read(ledger) as tx:
            row = read_row(tx, first)
        return (
            0 if row is None else (door.clock() - parse_instant(decode_entry(row.entry).at)).total_seconds()
        )

    def _of_search() -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "cabletrace_search_answers", "1 while the search engine can be asked.", index.answers()
        )
        try:
            stands = index.standing()
        except Broken:  # of another version: of what that one noted nothing is told
            return
        yield GaugeMetricFamily(
            "cabletrace_search_dead_letters",
            "Batches that the search engine would not take: found in an older state, or not at all.",
            stands.dead_letters,
        )
        troubles = CounterMetricFamily(
            "cabletrace_search_troubles",
            "What went wrong while the search engine was written to, by status of HTTP.",
            labels=["status"],
        )
        for status, times in stands.troubles.items():
            troubles.add_metric([status], times)
        yield troubles
        if stands.verified_at is not None:
            yield GaugeMetricFamily(
                "cabletrace_search_verified_age_seconds",
                "How long ago the whole index was last compared with the ledger.",
                (door.clock() - stands.verified_at).total_seconds(),
            )

    return router


class _Read(Collector):
    """Figures that were read already."""

    def __init__(self, figures: Iterable[Metric]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        return self._figures
