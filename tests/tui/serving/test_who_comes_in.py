"""Who comes in: by which key, as whom, and what that person may do then."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable

import asyncssh
import pytest

from tests.tui.serving.clients import connected, run
from tests.tui.serving.conftest import PEOPLE, Serving

SEND = "send --json --to +14155550123 Hello"
Lines = Callable[[], list[str]]
REFUSED = asyncssh.PermissionDenied


class Keys(asyncssh.SSHClient):
    """A client that offers whatever it likes, in this order. A key without its private half is only offered:
    the server learns of it before another one signs."""

    def __init__(self, *keys: asyncssh.SSHKeyPair | asyncssh.SSHKey) -> None:
        self._keys = list(keys)

    def public_key_auth_requested(self) -> asyncssh.SSHKeyPair | asyncssh.SSHKey | None:
        return self._keys.pop(0) if self._keys else None


class OnlyOffered(asyncssh.SSHKeyPair):
    """A key of which a client has only the public half; where it is asked to sign, another one does."""

    def __init__(self, key: asyncssh.SSHKey, signs: asyncssh.SSHKey) -> None:
        super().__init__(
            key.algorithm, key.algorithm, (key.algorithm,), key.sig_algorithms, key.public_data, None
        )
        self._signs = signs

    def sign(self, data: bytes) -> bytes:
        return self._signs.sign(data, self.sig_algorithm)


@pytest.mark.parametrize("name", PEOPLE)
async def test_a_key_is_a_person_with_a_role(serving: Serving, lines: Lines, name: str) -> None:
    await run(serving, name, "balance")
    fingerprint = serving.keys[name].get_fingerprint()
    assert f"person={name} role={PEOPLE[name]} from=127.0.0.1 key={fingerprint}" in lines()[0]


async def test_what_a_role_forbids_is_refused(serving: Serving) -> None:
    done = await run(serving, "vera", SEND)
    assert done.exit_status == 4
    assert json.loads(str(done.stdout))["error"]["code"] == "role"
    assert (await run(serving, "sam", SEND)).exit_status == 0
    done = await run(serving, "sam", "plan change 1000 --yes --json")
    assert done.exit_status == 4
    assert json.loads(str(done.stdout))["error"]["code"] == "role"


@pytest.mark.parametrize(("offered", "signing"), [("maria", "vera"), ("vera", "maria")])
async def test_the_key_that_signs_is_the_one_that_counts(
    serving: Serving, lines: Lines, offered: str, signing: str
) -> None:
    other = OnlyOffered(serving.keys[offered], signs=serving.keys[signing])
    keys = Keys(other, serving.keys[signing])
    async with connected(serving, client_factory=lambda: keys, client_keys=()) as connection:
        await connection.run("balance")
    assert f"person={signing} role={PEOPLE[signing]}" in lines()[0]


async def test_a_signature_by_another_key_lets_nobody_in(serving: Serving) -> None:
    keys = Keys(OnlyOffered(serving.keys["maria"], signs=serving.keys["vera"]))
    with pytest.raises(REFUSED):
        async with connected(serving, client_factory=lambda: keys, client_keys=()):
            pass


async def test_an_unknown_key_and_no_key_are_refused(serving: Serving) -> None:
    for key in (asyncssh.generate_private_key("ssh-ed25519"), None):
        with pytest.raises(REFUSED):
            async with connected(serving, client_keys=[key] if key else None):
                pass


@pytest.mark.parametrize("method", ["password", "keyboard-interactive", "hostbased", "none"])
async def test_a_key_is_the_only_way_to_sign_in(serving: Serving, method: str) -> None:
    class Asked(asyncssh.SSHClient):
        """Notes which ways the server takes."""

        ways: set[str] = set()

        def password_auth_requested(self) -> str:
            self.ways.add("password")
            return "secret"

        def kbdint_auth_requested(self) -> str:
            self.ways.add("keyboard-interactive")
            return ""

    client = Asked()
    with pytest.raises(REFUSED):
        async with connected(
            serving, client_factory=lambda: client, preferred_auth=[method], password="secret"
        ):
            pass
    assert client.ways == set()


async def test_without_a_key_only_an_anonymous_demo_is_entered(serving: Serving) -> None:
    serving.serve_a_demo(anonymous=False)
    with pytest.raises(REFUSED):
        await run(serving, None, "balance")
    serving.change(anonymous=True)
    assert (await run(serving, None, "balance")).exit_status == 0


async def test_each_visitor_of_a_demo_has_their_own(serving: Serving) -> None:
    serving.serve_a_demo()
    async with connected(serving) as one, connected(serving) as other:
        before = json.loads(str((await one.run("balance --json")).stdout))["available"]
        assert (await one.run(SEND)).exit_status == 0
        after = json.loads(str((await other.run("balance --json")).stdout))["available"]
    assert before == after


async def test_where_somebody_comes_from_can_be_asked_for(serving: Serving) -> None:
    elsewhere, here = 'from="::1",', 'from="127.0.0.1",'
    serving.people.write_text(serving.line("maria", elsewhere) + serving.line("vera", here))
    with pytest.raises(REFUSED):
        await run(serving, "maria", "balance")
    assert (await run(serving, "vera", "balance")).exit_status == 0


async def test_the_file_counts_as_it_is_when_somebody_signs_in(serving: Serving) -> None:
    async with connected(serving, "vera") as connection:
        serving.people.write_text(serving.line("maria"))
        with pytest.raises(REFUSED):
            await run(serving, "vera", "balance")
        assert (await connection.run("balance")).exit_status == 0  # who is in, is in
    assert (await run(serving, "maria", "balance")).exit_status == 0


async def test_a_mistake_made_meanwhile_is_logged_and_lets_nobody_in(serving: Serving, lines: Lines) -> None:
    serving.people.write_text(serving.line("maria") + 'role="king" ' + serving.line("vera").partition(" ")[2])
    with pytest.raises(REFUSED):
        await run(serving, "maria", "balance")
    assert "Line 2" in lines()[-1]
    assert "no such role: king" in lines()[-1]


async def offered(serving: Serving) -> list[list[str]]:
    """The algorithms that the server's first packet names (RFC 4253, 7.1): for keys, host keys, encryption
    there and back, checksums there and back, compression there and back, and two lists of languages. Read as
    it stands on the wire: what a client makes of a refusal depends on who hangs up first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    try:
        await reader.readuntil(b"\r\n")
        writer.write(b"SSH-2.0-Looking\r\n")
        length, _, kind = struct.unpack(">IBB", await reader.readexactly(6))
        assert kind == 20
        rest = (await reader.readexactly(length - 2))[16:]  # behind the cookie
    finally:
        writer.close()
    names = []
    for _ in range(10):
        end = 4 + int.from_bytes(rest[:4])
        names.append(rest[4:end].decode().split(","))
        rest = rest[end:]
    return names


async def test_what_is_broken_or_can_swell_is_not_offered(serving: Serving) -> None:
    keys, host_keys, *algorithms, _, _ = await offered(serving)
    assert "curve25519-sha256" in keys  # so that what is looked through is the list
    assert host_keys == ["ssh-ed25519"]
    assert not [name for name in keys if name.endswith("sha1")]
    for checksums in algorithms[2:4]:
        assert "hmac-sha2-256" in checksums
        assert not [name for name in checksums if "sha1" in name]
    assert algorithms[4:] == [["none"], ["none"]]
