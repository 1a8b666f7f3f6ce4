"""Doing a thing once, however often it is asked for under one key."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from store.credits import tables
from store.credits.model import Change, Quote, Renewal
from store.credits.row_mapping import lock_account
from store.database import Database
from store.errors import NotEnoughCredits, RefusedByRule, TextmeterError
from store.refusals import from_json, to_json
from store.sentences import sentence

REFUSALS: dict[str, type[TextmeterError]] = {
    kind.__name__: kind for kind in (NotEnoughCredits, RefusedByRule)
}
"""The errors that are an outcome: said again, not tried again, when the same thing is asked for again."""


class Asked(NamedTuple):
    """A key that somebody gave, and what for: the words that tell one request from another."""

    key: str
    request: str


def once(database: Database, account_id: int, key: str, request: str, act: Callable[[], Any]) -> Any:
    """See Ledger.once."""
    request_hash = _hash(request)
    try:
        with database.transaction():
            # Whoever says the same at the same time waits here.
            lock_account(database, account_id)
            stored = _stored(database, account_id, key)
            if stored is None:
                result = act()
                _store(database, account_id, key, request_hash, {"value": result})
                return result
    except tuple(REFUSALS.values()) as refusal:
        # What was done is undone by now, so another process may have been faster to use the key.
        with database.transaction():
            lock_account(database, account_id)
            stored = _stored(database, account_id, key)
            if stored is None:
                _store(database, account_id, key, request_hash, _encode(refusal))
        if stored is None:
            raise
    stored_hash, outcome = stored
    if stored_hash != request_hash:
        raise _reused(key)
    if "refusal" in outcome:
        raise _decode(outcome)
    return outcome["value"]


def note_order(database: Database, account_id: int, asked: Asked, order_key: str, quote: Quote) -> None:
    """Keeps what is ordered under somebody's key, in the transaction that orders it; instead of what was
    declined, if so. order_key: under which it is charged once."""
    operation = tables.Operation
    kept = quote._replace(explanation=())
    database.run(
        operation.insert(
            account=account_id,
            op_key=asked.key,
            request_hash=_hash(asked.request),
            result=json.dumps({"value": {"order": order_key, "quote": kept}}, default=str),
        ).on_conflict(conflict_target=[operation.account, operation.op_key], preserve=[operation.result])
    )


def noted_order(database: Database, account_id: int, asked: Asked) -> tuple[str, Quote] | None:
    """The order's key and what was quoted for it, without its explanation; None where nothing was ordered
    under somebody's key. Raises RefusedByRule where that was used for something else."""
    stored = _stored(database, account_id, asked.key)
    if stored is None:
        return None
    stored_hash, outcome = stored
    if stored_hash != _hash(asked.request):
        raise _reused(asked.key)
    change, before, after, billing, effective, cents, credits, (on, *renewal), _ = outcome["value"]["quote"]
    quote = Quote(
        change=Change(change),
        from_plan=before,
        to_plan=after,
        billing=billing,
        effective=date.fromisoformat(effective) if effective else None,
        charge_cents=cents,
        credits_now=credits,
        next_renewal=Renewal(date.fromisoformat(on), *renewal),
        explanation=(),
    )
    return outcome["value"]["order"], quote


def _hash(request: str) -> str:
    return sha256(request.encode()).hexdigest()


def _reused(key: str) -> RefusedByRule:
    return RefusedByRule(
        sentence(
            "The idempotency key {key} was already used for something else. Nothing was done. Use a new key.",
            key=key,
        ),
        code="idempotency-key-reused",
    )


def _stored(database: Database, account_id: int, key: str) -> tuple[str, dict[str, Any]] | None:
    """The hash of what was asked for under a key, and what came of it."""
    operation = tables.Operation
    found = operation.select().where(operation.account == account_id, operation.op_key == key)
    row = database.first(found)
    return None if row is None else (row.request_hash, json.loads(row.result))


def _store(database: Database, account_id: int, key: str, request_hash: str, outcome: dict[str, Any]) -> None:
    database.run(
        tables.Operation.insert(
            account=account_id,
            op_key=key,
            request_hash=request_hash,
            result=json.dumps(outcome, default=str),
        )
    )


def _encode(refusal: TextmeterError) -> dict[str, Any]:
    return {
        "refusal": type(refusal).__name__,
        "code": refusal.code,
        "details": refusal.details,
        "says": to_json(refusal.says),
    }


def _decode(outcome: dict[str, Any]) -> TextmeterError:
    says = from_json(outcome["says"])
    return REFUSALS[outcome["refusal"]](says, code=outcome["code"], **outcome["details"])
