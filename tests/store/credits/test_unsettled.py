"""Credits that come back after they were settled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock

ACTS = st.lists(st.tuples(st.sampled_from(["settle", "release", "return"]), st.integers(1, 300)), max_size=12)


@settings(max_examples=25, phases=(Phase.explicit, Phase.generate))
@given(acts=ACTS, also=st.integers(0, 200))
def test_settled_held_and_given_back_always_add_up(acts: list[tuple[str, int]], also: int) -> None:
    """A hold that draws on two pools, beside another that draws on what it leaves."""
    with TemporaryDirectory() as folder:
        _play(str(Path(folder) / "one.sqlite3"), acts, also)


def _play(path: str, acts: list[tuple[str, int]], also: int) -> None:
    store = Store(path, clock=FixedClock(datetime(2026, 4, 16, 16, 0, tzinfo=UTC)))
    store.database.execute("PRAGMA synchronous = OFF")
    ledger = store.credits
    with store.connection():
        account = ledger.open_account("community-texts", "50", "UTC").id
        ledger.place(account, ledger.quote_purchase(account, 400), key="buy")
        hold = ledger.hold(account, 300, cause="blast", reference="1")
        other = ledger.hold(account, also, cause="blast", reference="2") if also else 0
        if other:
            ledger.settle(other, also)
        held, settled = 300, 0
        for act, credits in acts:
            if act == "settle":
                if credits > held:
                    continue
                ledger.settle(hold, credits)
                held, settled = held - credits, settled + credits
            elif act == "release":
                if credits > held:
                    continue
                ledger.release(hold, credits)
                held -= credits
            elif credits > settled:
                with pytest.raises(ValueError, match="more credits than there are"):
                    ledger.release(hold, credits, settled=True)
            else:
                ledger.release(hold, credits, settled=True)
                settled -= credits
            balance = ledger.balance(account)
            assert (balance.held, balance.used) == (held, settled + also)
            assert balance.available == 500 - held - settled - also
        verification = ledger.verify()
        assert verification.ok, verification.problems
    store.close()
