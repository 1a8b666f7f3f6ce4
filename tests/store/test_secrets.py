"""Where secrets are looked up and kept. No test asks the machine's keyring: see tests/conftest.py."""

from __future__ import annotations

import json
import logging
import pickle
import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

from store import secrets
from store.database import Database
from store.errors import RefusedByRule, WrongUsage
from store.mail import mailers
from store.mail.smtp import Smtp
from store.payments import gateways
from store.secrets import Place, Secret, SecretTrouble, forget, keep, secret
from store.settings import Settings

VALUE = "hunter2-hunter2"


class Ring(KeyringBackend):
    """A keyring in memory, which counts how often it was asked."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.has: dict[tuple[str, str], str] = {}
        self.asked = 0
        self.locked = self.full = False

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        if self.locked:
            raise KeyringLocked
        return self.has.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.full:
            raise PasswordSetError
        self.has[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.locked:
            raise KeyringLocked
        if (service, username) not in self.has:
            raise PasswordDeleteError
        del self.has[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The keyring, as if this machine had one."""
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_there_is_none_where_nobody_kept_one(ring: Ring) -> None:
    assert secret("stripe.key") is None
    assert ring.asked == 0


def test_places_are_looked_through_in_order(
    ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def where() -> tuple[str, Place] | None:
        found = secret("stripe.key")
        return (found.reveal(), found.place) if found else None

    secrets.path().parent.mkdir(parents=True)
    secrets.path().touch(mode=0o600)
    secrets.path().write_text("[stripe]\nkey = 'from the file'\n", encoding="utf-8")
    assert where() == ("from the file", Place.FILE)
    assert keep("stripe.key", "from the keyring") is Place.KEYRING
    assert where() == ("from the keyring", Place.KEYRING)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert where() == ("from the keyring", Place.KEYRING)
    (tmp_path / "stripe.key").write_text("from systemd\n", encoding="utf-8")
    assert where() == ("from systemd", Place.CREDENTIALS)
    monkeypatch.setenv("TEXTMETER_STRIPE_KEY", "from its own variable")
    assert where() == ("from its own variable", Place.ENVIRONMENT)
    monkeypatch.setenv("TEXTMETER_SECRET_STRIPE_KEY", "from the common one")
    assert where() == ("from the common one", Place.ENVIRONMENT)


def test_a_secret_goes_to_the_keyring_and_only_its_name_to_the_file(ring: Ring) -> None:
    assert keep("sender.3.token", VALUE) is Place.KEYRING
    assert ring.has == {("textmeter", "sender.3.token"): VALUE}
    assert secrets.path().read_text(encoding="utf-8") == '"sender.3.token" = {in = "keyring"}\n'
    found = secret("sender.3.token")
    assert found == Secret(VALUE, Place.FILE)
    forget("sender.3.token")
    assert (ring.has, secrets.path().read_text(encoding="utf-8")) == ({}, "")
    assert secret("sender.3.token") is None


@pytest.mark.parametrize("backend", ["fail", "null"])
def test_without_a_keyring_that_keeps_anything_it_goes_to_a_file_that_only_its_owner_reads(
    backend: str, ring: Ring
) -> None:
    ring.priority = {"fail": 0, "null": -1}[backend]
    assert keep("mail.password", VALUE) is Place.FILE
    assert stat.S_IMODE(secrets.path().stat().st_mode) == 0o600
    assert stat.S_IMODE(secrets.path().parent.stat().st_mode) == 0o700
    assert secret("mail.password") == Secret(VALUE, Place.FILE)
    assert ring.has == {}
    forget("mail.password")
    forget("mail.password")
    assert secret("mail.password") is None


def test_a_keyring_that_takes_nothing_is_none(ring: Ring) -> None:
    ring.full = True
    assert keep("mail.password", VALUE) is Place.FILE


def test_a_locked_keyring_is_told_rather_than_taken_for_an_empty_one(ring: Ring) -> None:
    keep("stripe.key", VALUE)
    ring.locked = True
    with pytest.raises(SecretTrouble, match="is in the system keyring") as raised:
        secret("stripe.key")
    assert VALUE not in repr(raised.value)
    with pytest.raises(SecretTrouble, match="Unlock it"):
        forget("stripe.key")
    ring.priority = 0
    with pytest.raises(SecretTrouble, match="Unlock it"):
        secret("stripe.key")


def test_whats_gone_from_the_keyring_is_told_and_can_be_forgotten(ring: Ring) -> None:
    keep("stripe.key", VALUE)
    ring.has.clear()
    with pytest.raises(SecretTrouble, match="save the secret again"):
        secret("stripe.key")
    forget("stripe.key")
    assert secret("stripe.key") is None


def test_no_secret_is_taken_from_a_file_that_others_can_read() -> None:
    keep("stripe.key", VALUE)
    secrets.path().chmod(0o640)
    for act in (secret, forget, lambda name: keep(name, "another")):
        with pytest.raises(SecretTrouble, match=r"chmod 600 .*secrets\.toml") as raised:
            act("stripe.key")
        assert raised.value.code == "secrets-exposed"
    secrets.path().chmod(0o600)
    assert secret("stripe.key") == Secret(VALUE, Place.FILE)


def test_comments_in_the_file_stay() -> None:
    secrets.path().parent.mkdir(parents=True)
    secrets.path().touch(mode=0o600)
    secrets.path().write_text(
        "# Ours\n[stripe]\nkey = 'old' # rotate in May\nother = 'x'\n", encoding="utf-8"
    )
    keep("stripe.key", VALUE)
    text = secrets.path().read_text(encoding="utf-8")
    assert "# Ours\n" in text
    assert "old" not in text
    assert secret("stripe.other") == Secret("x", Place.FILE)
    assert secret("stripe.key") == Secret(VALUE, Place.FILE)


def test_a_file_that_is_no_toml_is_told_without_what_it_says() -> None:
    secrets.path().parent.mkdir(parents=True)
    secrets.path().touch(mode=0o600)
    secrets.path().write_text(f'"stripe.key" = {VALUE}\n', encoding="utf-8")
    with pytest.raises(SecretTrouble, match="line 1") as raised:
        secret("stripe.key")
    assert VALUE not in str(raised.value)


@pytest.mark.parametrize("value", ["", "two\nlines", "nul\0", "x" * 70_000])
def test_what_is_no_line_of_text_is_no_secret(value: str) -> None:
    with pytest.raises(WrongUsage, match="one line of text"):
        keep("stripe.key", value)
    assert not secrets.path().exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "", "A", "a b"])
def test_a_name_is_no_path(name: str) -> None:
    for ask in (secret, forget):
        with pytest.raises(ValueError, match="no name of a secret"):
            ask(name)


def test_guests_keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.paths._within_reach", False)
    with pytest.raises(RefusedByRule):
        keep("stripe.key", VALUE)
    with pytest.raises(RefusedByRule):
        forget("stripe.key")


def test_a_value_shows_itself_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    kept = Secret(VALUE, Place.KEYRING)
    logging.getLogger("test").warning("%s %r", kept, kept)
    assert f"{kept} {kept!r} {[kept]}" == "<secret, keyring> <secret, keyring> [<secret, keyring>]"
    assert VALUE not in caplog.text
    for write in (pickle.dumps, json.dumps):
        with pytest.raises(TypeError):
            write(kept)
    with pytest.raises(TypeError):
        hash(kept)
    assert kept == Secret(VALUE, Place.FILE)
    assert kept != Secret(f"{VALUE}3", Place.KEYRING)
    assert kept != VALUE


# Who uses them


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    database = Database(str(tmp_path / "texts.sqlite3"))
    database.migrate(Settings.TABLES)
    return Settings(database)


def test_the_mail_servers_password_is_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTMETER_MAIL", "smtp://me@mail.example.com?from=a@b.co&to=a@b.co")
    keep("mail.password", VALUE)
    mailer = mailers.load(settings)
    assert isinstance(mailer, Smtp)
    assert mailer._account.password == VALUE
    monkeypatch.setenv("TEXTMETER_MAIL", "smtp://me:inside@mail.example.com?from=a@b.co&to=a@b.co")
    mailer = mailers.load(settings)
    assert isinstance(mailer, Smtp)
    assert mailer._account.password == "inside"


def test_stripes_key_is_one(settings: Settings, tmp_path: Path) -> None:
    from store.payments.stripe_gateway import StripeGateway
    from store.payments.testcard import TestCard

    assert isinstance(gateways.load(settings._database, settings), TestCard)
    keep("stripe.key", "sk_test_1")
    assert isinstance(gateways.load(settings._database, settings), StripeGateway)
