"""Which time zone this machine is in, by its IANA name."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def local_timezone() -> str:
    """The zone that TZ, /etc/localtime or /etc/timezone names; "UTC" where none does."""
    from zoneinfo import available_timezones

    localtime = Path("/etc/localtime")
    candidates = [os.environ.get("TZ", "").removeprefix(":")]
    if localtime.is_symlink():
        candidates.append(os.path.realpath(localtime).partition("zoneinfo/")[2])
    with contextlib.suppress(OSError, ValueError):
        candidates.append(Path("/etc/timezone").read_text(encoding="ascii").strip())
    known = available_timezones()
    return next((name for name in candidates if name in known), "UTC")
