"""Files as somebody names them, read within bounds and without waiting."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from store.sentences import N_

_PIPES = ("/dev/fd/", "/proc/self/fd/")
"""Where shells put what a command writes, as in `textmeter contacts import <(unzip -p contacts.zip)`."""


class TooLarge(Exception):
    """A file has more bytes than it may."""


def read_bounded(source: Path | BinaryIO, most: int) -> bytes:
    """All of a file, or of a stream, which may have so many bytes. Raises TooLarge, OSError and, for what is
    no path, ValueError. Neither waits for who writes to a pipe nor reads what isn't a file."""
    data = source.read(most + 1) if not isinstance(source, Path) else _read(source, most + 1)
    if len(data) > most:
        raise TooLarge(f"more than {most} bytes")
    return data


def _read(path: Path, most: int) -> bytes:
    # Without O_NONBLOCK, opening a pipe waits until somebody opens its other end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISFIFO(mode) and str(path).startswith(_PIPES):
            os.set_blocking(descriptor, True)
        elif stat.S_ISDIR(mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        elif not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, N_("Not a regular file"))
        return file.read(most)


def write_private(path: Path, text: str, *, mode: int | None = None) -> None:
    """Puts a text into a file, as a whole or not at all. Others can't read it, unless `mode` says so. A link
    still leads to it afterwards. Raises OSError."""
    import tempfile  # by those only who write

    path = path.resolve()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        if mode is not None:
            Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
