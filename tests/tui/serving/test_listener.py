"""The listener: what providers tell is written down before it is answered, and what is no provider's goes
nowhere."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.errors import DatabaseTrouble, WrongUsage
from store.messages import providers
from store.messages.messenger import Messenger
from store.messages.providers import Called, Forged, Garbled, Profile, Reply, Request, Setup
from store.sentences import sentence
from tests.store.messages.scripted import Taking
from tests.waiting import wait_until
from tui.serving import listener
from tui.serving.listener import MOST_BYTES, Listener, listening
from tui.serving.rate_limits import Buckets

ANN = "+14155550101"


class Calling(Taking):
    """A provider that calls: a JSON body of an id and a text, with a secret in a header."""

    profile = Profile(confirms=True)

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def receive(self, request: Request) -> Called:
        self.requests.append(request)
        if request.headers.get("x-secret") != "s3cret":
            raise Forged
        try:
            said = json.loads(request.body)
            return Called([Reply(said["id"], ANN, said["text"])], "noted")
        except (ValueError, KeyError, TypeError):
            raise Garbled from None


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Calling:
    calling = Calling()

    def load(name: str, setup: Setup | None = None) -> Calling:
        return calling

    monkeypatch.setattr(providers, "load", load)
    return calling


@pytest.fixture
def store(tmp_path: Path, provider: Calling) -> Iterator[Store]:
    with closing(Store(str(tmp_path / "textmeter.sqlite3"))) as store:
        store.credits.open_account("agent-texts", "300", "America/New_York")
        store.senders.set("office", {"provider": "simulated"})
        yield store


@pytest.fixture
def listens(store: Store) -> Iterator[Listener]:
    with listening(store, "127.0.0.1", 0, "https://texts.example.com/") as there:
        yield there


def call(
    listens: Listener,
    path: str,
    body: object = b"",
    *,
    secret: str = "s3cret",
    method: str = "POST",
    came: str = "",
) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", listens.port, timeout=60)) as connection:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Secret": secret} | ({"X-Forwarded-For": came} if came else {})
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_what_a_provider_tells_is_written_down_when_it_is_answered(
    store: Store, listens: Listener, provider: Calling
) -> None:
    assert call(listens, "/office/replies?x=%2B1", {"id": "SM1", "text": "Hi"}) == (200, "noted")
    [event] = store.messages.events()
    assert (event.sender, event.kind, event.data["body"]) == ("office", "reply", "Hi")
    assert provider.requests[0].url == "https://texts.example.com/office/replies?x=%2B1"
    assert provider.requests[0].query == {"x": "+1"}


def test_what_is_told_twice_is_kept_once_and_applied_once_by_the_worker(
    store: Store, listens: Listener
) -> None:
    for _ in range(3):
        assert call(listens, "/office", {"id": "SM1", "text": "Hi"})[0] == 200
    store.messages.deliver(stop=Event())
    store.messages.deliver(stop=Event())
    [thread] = store.conversations.threads(1)
    assert (thread.phone, thread.unread) == (ANN, 1)


@pytest.mark.parametrize(
    ("path", "body", "secret", "status"),
    [
        ("/office", {"id": "SM1", "text": "Hi"}, "guessed", 403),
        ("/office", b"\xff\xfe{", "s3cret", 400),
        ("/office", b"[]", "s3cret", 400),
        ("/nobody", {"id": "SM1", "text": "Hi"}, "s3cret", 404),
        ("/", b"", "s3cret", 404),
        ("/office", b"x" * (MOST_BYTES + 1), "s3cret", 413),
    ],
)
def test_what_is_no_providers_goes_nowhere(
    store: Store, listens: Listener, path: str, body: object, secret: str, status: int
) -> None:
    assert call(listens, path, body, secret=secret)[0] == status
    assert store.messages.events() == []


def test_who_guesses_too_often_is_refused_unread_until_some_time_is_over(
    store: Store, provider: Calling
) -> None:
    now = [0.0]
    with listening(store, "127.0.0.1", 0) as there:
        there.wrong = Buckets(3, lambda: now[0])
        right = {"id": "SM1", "text": "Hi"}
        statuses = [
            call(there, path, right, secret=secret)[0]
            for path, secret in (("/office", "a"), ("/nobody", "b"), ("/office", "c"), ("/office", "s3cret"))
        ]
        assert statuses == [403, 404, 403, 429]
        assert len(provider.requests) == 2
        now[0] += 20  # a third of a minute: one of three
        assert call(there, "/office", right) == (200, "noted")
    assert len(store.messages.events()) == 1


def test_behind_a_proxy_the_guesses_count_against_whom_it_names(
    store: Store, listens: Listener, provider: Calling
) -> None:
    listens.wrong = Buckets(1, lambda: 0.0)
    said = {"id": "SM1", "text": "Hi"}
    for came, secret, status in (
        ("192.0.2.1, 203.0.113.9", "guessed", 403),
        ("203.0.113.9", "s3cret", 429),
        ("203.0.113.9, 192.0.2.1", "s3cret", 200),
        ("", "guessed", 403),
        ("", "guessed", 403),
        ("nobody", "s3cret", 200),
    ):
        assert call(listens, "/office", said, secret=secret, came=came)[0] == status


def test_only_what_providers_use_is_answered(listens: Listener) -> None:
    assert call(listens, "/office", method="DELETE")[0] == 405


def test_a_form_that_is_no_text_is_refused(store: Store, listens: Listener) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", listens.port, timeout=60)) as connection:
        headers = {"X-Secret": "s3cret", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/office", b"Body=\xff\xff", headers)
        assert connection.getresponse().status == 400
    assert store.messages.events() == []


def test_a_call_that_never_ends_is_given_up(
    store: Store, listens: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "READ_WITHIN", 0.05)
    with closing(http.client.HTTPConnection("127.0.0.1", listens.port, timeout=60)) as connection:
        connection.putrequest("POST", "/office")
        connection.putheader("Content-Length", "100")
        connection.endheaders(b'{"id": ')
        assert connection.getresponse().status == 408
    assert store.messages.events() == []


def test_a_form_of_more_fields_than_anybody_sends_is_refused(store: Store, listens: Listener) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", listens.port, timeout=60)) as connection:
        headers = {"X-Secret": "s3cret", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/office", b"&a" * 40_000, headers)
        assert connection.getresponse().status == 400
    assert store.messages.events() == []


def test_what_cant_be_kept_now_is_asked_for_again(listens: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> Called:
        raise DatabaseTrouble(sentence("Somebody else holds the database."), code="locked")

    monkeypatch.setattr(Messenger, "called", locked)
    with closing(http.client.HTTPConnection("127.0.0.1", listens.port, timeout=60)) as connection:
        connection.request("POST", "/office", b"{}", {"X-Secret": "s3cret"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


def test_when_too_many_wait_others_are_asked_to_come_again(
    store: Store, listens: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MOST_WAITING", 2)
    goes_on, called = Event(), store.messages.called

    def slow(sender: str, request: Request) -> Called:
        goes_on.wait(60)
        return called(sender, request)

    monkeypatch.setattr(store.messages, "called", slow)
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(call, listens, "/office", {"id": f"SM{number}", "text": "Hi"}) for number in range(2)
        ]
        wait_until(lambda: listens.waiting == 2)
        assert call(listens, "/office", {"id": "SM9", "text": "Hi"})[0] == 503
        goes_on.set()
        assert [one.result()[0] for one in waiting] == [200, 200]
    assert len(store.messages.events()) == 2


def test_a_port_that_is_taken_is_told(store: Store, listens: Listener) -> None:
    with pytest.raises(WrongUsage, match="Can't listen on"), listening(store, "127.0.0.1", listens.port):
        pass
