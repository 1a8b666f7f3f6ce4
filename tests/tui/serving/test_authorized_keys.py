"""The server's own key, and the file of those who may come in."""

from __future__ import annotations

import stat
from pathlib import Path

import asyncssh
import pytest

from store.errors import TextmeterError, WrongUsage
from store.roles import Person, Role
from tui.serving.authorized_keys import AuthorizedKeys, host_key

KEY = asyncssh.generate_private_key("ssh-ed25519")
PUBLIC = " ".join(KEY.export_public_key().decode().split()[:2])


def found(folder: Path, lines: str, address: str = "127.0.0.1") -> Person | None:
    file = folder / "people.keys"
    file.write_text(lines.replace("KEY", PUBLIC), encoding="utf-8")
    return AuthorizedKeys(file).find(KEY.convert_to_public(), address, address)


def test_a_servers_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "host_key"
    key = host_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert host_key(file) == key
    assert [*file.parent.iterdir()] == [file]


def test_what_is_no_key_is_left_as_it_is_and_said(tmp_path: Path) -> None:
    file = tmp_path / "host_key"
    file.write_text("not a key")
    with pytest.raises(TextmeterError) as refused:
        host_key(file)
    assert refused.value.code == "host-key"
    assert file.read_text() == "not a key"


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ('role="sender" KEY sam', Person("sam", Role.SENDER)),
        ("role=sender KEY sam", Person("sam", Role.SENDER)),
        ("KEY vera", Person("vera", Role.VIEWER)),
        ('person="Sam Lee",role="owner" KEY', Person("Sam Lee", Role.OWNER)),
        ('no-pty,Role="owner",command="role=\\"viewer\\" x" KEY a b', Person("a b", Role.OWNER)),
        ('environment="X=ssh-rsa AAAA",role="sender" KEY sam', Person("sam", Role.SENDER)),
        ('cert-authority,role="owner" KEY ca', None),
    ],
)
def test_a_line_is_a_person(tmp_path: Path, line: str, person: Person | None) -> None:
    assert found(tmp_path, f"# us\n\n  {line}  \n") == person


def test_of_two_lines_the_first_that_lets_somebody_in_counts(tmp_path: Path) -> None:
    lines = 'from="::1",role="owner" KEY home\nrole="viewer" KEY away\n'
    assert found(tmp_path, lines, "::1") == Person("home", Role.OWNER)
    assert found(tmp_path, lines, "127.0.0.1") == Person("away", Role.VIEWER)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('role="king" KEY x', "no such role: king"),
        ("role KEY x", "no such role"),
        ('role="own KEY x', "quote"),
        ('role="owner" KEY', "no name"),
        ("ssh-ed25519 AAAA x", "No valid entries"),
        ("hello", "No valid entries"),
        ("from KEY x", "from"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "people.keys"
    file.write_text(f"KEY good\n{line}\n".replace("KEY", PUBLIC), encoding="utf-8")
    with pytest.raises(WrongUsage) as mistake:
        AuthorizedKeys(file).check()
    assert mistake.value.says.values["number"] == 2
    assert why in str(mistake.value)


@pytest.mark.parametrize("contents", [None, b"\xff\xfe"])
def test_a_file_that_cant_be_read_is_said(tmp_path: Path, contents: bytes | None) -> None:
    file = tmp_path / "people.keys"
    if contents is not None:
        file.write_bytes(contents)
    with pytest.raises(WrongUsage) as mistake:
        AuthorizedKeys(file).check()
    assert mistake.value.code == "authorized-keys"
