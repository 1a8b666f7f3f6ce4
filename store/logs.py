"""Logging what Textmeter does on this machine. `store.log_file` has it written; until then it goes nowhere.

    log().info("app started version=%s", Word(version))

Messages are constants of ours; of what is put into them only numbers and `Word`s are written down.
"""

from __future__ import annotations

import logging

SLOW = 0.1
"""Seconds from which on something is told to be slow that a person waits for."""


def log() -> logging.Logger:
    """Where everything of ours is logged."""
    return _LOGGER


_LOGGER = logging.getLogger("textmeter")
_LOGGER.addHandler(logging.NullHandler())  # else the gravest of it would go to the terminal
