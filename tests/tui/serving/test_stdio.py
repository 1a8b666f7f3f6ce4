"""A terminal that vanished takes what is written to it without an error."""

from __future__ import annotations

import os
import pty

from tui.base.terminal.lasting import lasting


def test_what_is_written_arrives_as_utf_8() -> None:
    ours, theirs = os.pipe()
    with lasting(theirs) as stream:
        stream.write("Zoë ☀\n")
        assert os.read(ours, 100).decode() == "Zoë ☀\n"
    os.close(ours)
    os.close(theirs)


def test_after_the_terminal_is_gone_writing_goes_on_into_nothing() -> None:
    ours, theirs = pty.openpty()
    stream = lasting(theirs)
    assert stream.isatty()
    os.close(ours)
    for _ in range(1000):
        stream.write("nobody reads this\n")
    stream.flush()
    stream.close()
    os.close(theirs)


def test_half_a_character_that_can_not_be_written_is_replaced() -> None:
    ours, theirs = os.pipe()
    with lasting(theirs) as stream:
        stream.write("\ud83d!\n")
        assert os.read(ours, 100) == b"?!\n"
    os.close(ours)
    os.close(theirs)
