"""How much of a connection's traffic is kept in memory: what asyncssh itself bounds by nothing.

Nothing here counts on a client's goodwill. What it sends waits for its session in one place and is counted
there; what it doesn't take is counted too, and a client that leaves too much of either is cut off. Built on
what asyncssh keeps to itself, all of which is named here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncssh
from asyncssh.constants import MSG_CHANNEL_WINDOW_ADJUST
from asyncssh.packet import UInt32

WINDOW = 1 << 17
"""Bytes that a client may send a session beyond what that has read."""
MOST_IN_A_PACKET = 1 << 15
"""Bytes of data."""
MOST_UNREAD = 1 << 20
"""Bytes of packets that can't be looked at yet; the largest takes a quarter of it."""
MOST_UNSENT = 1 << 19
"""Bytes that a client may leave untaken: sessions wait long before, but each question asks for an answer."""
MOST_PUT_OFF = 1_000
"""Answers that wait for new keys."""


class Channel(asyncssh.SSHServerChannel[bytes]):
    """A channel that hands its session all that comes at once, and takes more when the session has passed
    it on.

    asyncssh's grants a whole window with each piece that it delivers, however much still waits, and keeps
    each piece by itself: a single byte takes a hundred.
    """

    def __init__(self, connection: asyncssh.SSHServerConnection) -> None:
        super().__init__(
            connection,
            asyncio.get_running_loop(),
            allow_pty=True,
            line_editor=False,
            line_echo=False,
            line_history=0,
            max_line_length=0,
            encoding=None,
            errors="strict",
            window=WINDOW,
            max_pktsize=MOST_IN_A_PACKET,
        )
        self._passed_on = 0

    def _accept_data(self, data: bytes, datatype: asyncssh.DataType = None) -> None:
        if self._send_state not in ("close_pending", "closed"):
            self._recv_window -= len(data)
            self._session.data_received(data, datatype)

    def passed_on(self, size: int) -> None:
        """So many bytes of what came wait no longer: as many more may come."""
        self._passed_on += size
        if self._passed_on >= WINDOW // 2 and self._recv_state == self._send_state == "open":
            self._recv_window += self._passed_on
            self.send_packet(MSG_CHANNEL_WINDOW_ADJUST, UInt32(self._passed_on))
            self._passed_on = 0


def bound(
    connection: asyncssh.SSHServerConnection,
    waits: Callable[[str, bool], None],
    overflows: Callable[[], None],
) -> None:
    """Has a connection tell when its sessions should wait (called with what for), and when it holds too
    much."""
    take, ask_for_keys = connection.data_received, connection._send_kexinit
    send_put_off = connection._send_deferred_packets

    def data_received(data: bytes, datatype: asyncssh.DataType = None) -> None:
        take(data, datatype)
        transport = connection._transport
        if transport is not None and (
            len(connection._inpbuf) > MOST_UNREAD
            or transport.get_write_buffer_size() > MOST_UNSENT
            or len(connection._deferred_packets) > MOST_PUT_OFF
        ):
            overflows()

    def send_kexinit() -> None:
        ask_for_keys()
        waits("keys", True)

    def send_deferred_packets() -> None:
        send_put_off()
        if connection._kex_complete:
            waits("keys", False)

    connection.data_received = data_received  # type: ignore[method-assign]
    connection._send_kexinit = send_kexinit  # type: ignore[method-assign]
    connection._send_deferred_packets = send_deferred_packets  # type: ignore[method-assign]
    # asyncssh lets what a client doesn't take pile up; instead, its sessions are to wait.
    connection.pause_writing = lambda: waits("network", True)  # type: ignore[method-assign]
    connection.resume_writing = lambda: waits("network", False)  # type: ignore[method-assign]
