"""Doing a thing once, however often it is asked for under one key."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from store.credits import tables
from store.credits.row_mapping import lock_account
from store.database import Database
from store.errors import NotEnoughCredits, RefusedByRule, TextmeterError
from store.refusals import from_json, to_json
from store.sentences import sentence

REFUSALS: dict[str, type[TextmeterError]] = {
    kind.__name__: kind for kind in (NotEnoughCredits, RefusedByRule)
}
"""The errors that are an outcome: said again, not tried again, when the same thing is asked for again."""


def once(database: Database, account_id: int, key: str, request: str, act: Callable[[], Any]) -> Any:
    """See Ledger.once."""
    request_hash = sha256(request.encode()).hexdigest()
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
        raise RefusedByRule(
            sentence(
                "The idempotency key {key} was used for something else. Nothing was done. Use a new key.",
                key=key,
            ),
            code="idempotency-key-reused",
        )
    if "refusal" in outcome:
        raise _decode(outcome)
    return outcome["value"]


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
