"""When the demo data ends, and where."""

from __future__ import annotations

from datetime import UTC, datetime

from store.clock import local_date

TIMEZONE = "America/Los_Angeles"
"""Of all accounts."""

NOW = datetime(2026, 6, 18, 17, 20, tzinfo=UTC)
"""Where the clocks of all accounts stand."""

TODAY = local_date(NOW, TIMEZONE)
