"""Pictures that came in: fetched from where they are, within bounds, and from nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from store.errors import RefusedByRule, TextmeterError
from store.messages import received
from store.messages.model import Attachment

PICTURE = b"\xff\xd8\xff picture"


class Carrier(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/1.jpg")
        elif self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://localhost:1/1.jpg")
        elif self.path in ("/1.jpg", "/large"):
            self.send_response(200)
        else:
            self.send_response(404)
        self.end_headers()
        if self.path == "/1.jpg":
            self.wfile.write(PICTURE)
        elif self.path == "/large":
            for _ in range(received.MOST_BYTES // len(PICTURE) + 2):
                self.wfile.write(PICTURE)

    def log_message(self, *about: object) -> None:
        pass


@pytest.fixture
def carrier() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Carrier)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def picture(url: str) -> Attachment:
    return Attachment(url, "image/jpeg", 0)


@pytest.mark.parametrize("path", ["/1.jpg", "/moved"])
def test_it_is_saved_once_and_replaced_only_where_that_is_meant(
    carrier: str, tmp_path: Path, path: str
) -> None:
    file = tmp_path / "a.jpg"
    assert received.save(picture(carrier + path), file) == len(PICTURE)
    assert file.read_bytes() == PICTURE
    with pytest.raises(RefusedByRule) as refused:
        received.save(picture(carrier + path), file)
    assert refused.value.code == "exists"
    received.save(picture(carrier + path), file, overwrite=True)


@pytest.mark.parametrize(
    ("path", "code"), [("/away", "not-fetched"), ("/missing", "not-fetched"), ("/large", "too-large")]
)
def test_what_isnt_to_be_had_leaves_no_file(carrier: str, tmp_path: Path, path: str, code: str) -> None:
    with pytest.raises(TextmeterError) as trouble:
        received.save(picture(carrier + path), tmp_path / "a.jpg")
    assert trouble.value.code == code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["simulated:kitchen.jpg", "file:///etc/passwd", "ftp://x/1.jpg", ""])
def test_only_the_web_is_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(RefusedByRule):
        received.save(picture(url), tmp_path / "a.jpg")
    assert received.why_not(picture(url)) is not None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x/media/ME12?token=1", "ME12.jpg"),
        ("https://x/../../.ssh/authorized_keys", "authorized_keys.jpg"),
        ("https://x/", "picture.jpg"),
        ("https://x/\x1b[2J%00", "2J00.jpg"),
    ],
)
def test_a_file_is_called_what_is_harmless(url: str, name: str) -> None:
    assert received.file_name(picture(url)) == name
