"""Who may come in: by a link once and in time, by the password, and with a pass for as long as it is good."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tui.commands import main
from tui.serving.web_auth import LINK_LASTS, MOST_PASSES, WebAuth


@dataclass
class Watch:
    """Tells the seconds that a test puts it to."""

    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_link_lets_in_once() -> None:
    auth = WebAuth("", is_open=False, longest=60)
    token = auth.new_link()
    entered = auth.enter_by_link(token)
    assert auth.lets_in(entered)
    assert auth.enter_by_link(token) is None


def test_a_link_is_good_for_half_an_hour() -> None:
    watch = Watch()
    auth = WebAuth("", is_open=False, longest=60, now=watch)
    token = auth.new_link()
    watch.seconds += LINK_LASTS - 1
    assert auth.enter_by_link(token)
    token = auth.new_link()
    watch.seconds += LINK_LASTS
    assert auth.enter_by_link(token) is None


def test_a_new_link_replaces_the_earlier_one() -> None:
    auth = WebAuth("", is_open=False, longest=60)
    first, second = auth.new_link(), auth.new_link()
    assert auth.enter_by_link(first) is None
    assert auth.enter_by_link(second)


def test_nobody_comes_in_by_a_link_that_was_never_made() -> None:
    auth = WebAuth("", is_open=False, longest=60)
    assert auth.enter_by_link("") is None
    assert auth.enter_by_link("\udcff") is None
    assert auth.enter_by_password("") is None
    assert not auth.lets_in(None)
    assert not auth.lets_in("")


def test_the_password_lets_in_as_often_as_it_is_known() -> None:
    auth = WebAuth("correct horse — bátería", is_open=False, longest=60)
    assert not auth.has_link
    assert auth.enter_by_password("correct horse") is None
    assert auth.enter_by_password("") is None
    passes = {auth.enter_by_password("correct horse — bátería") for _ in range(2)}
    assert len(passes) == 2
    assert all(auth.lets_in(entered) for entered in passes)


def test_a_pass_is_good_for_as_long_as_a_session_may_last() -> None:
    watch = Watch()
    auth = WebAuth("secret", is_open=False, longest=60, now=watch)
    entered = auth.enter_by_password("secret")
    watch.seconds += 59
    assert auth.lets_in(entered)
    watch.seconds += 1
    assert not auth.lets_in(entered)


def test_passes_are_not_kept_without_bound() -> None:
    auth = WebAuth("secret", is_open=False, longest=60)
    first, second, *_, last = [auth.enter_by_password("secret") for _ in range(MOST_PASSES + 1)]
    assert not auth.lets_in(first)
    assert auth.lets_in(second)
    assert auth.lets_in(last)


def test_an_open_gate_lets_everybody_in() -> None:
    auth = WebAuth("", is_open=True, longest=60)
    assert not auth.has_link
    assert auth.lets_in(None)


@pytest.mark.parametrize("password", ["x", "elevenchars"])
def test_a_password_that_is_soon_guessed_is_refused(
    password: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEXTMETER_WEB_PASSWORD", password)
    assert main(["serve", "web", "--password", "--port", "0"]) == 2
    told = capsys.readouterr().err
    assert "use at least 12 characters" in told
