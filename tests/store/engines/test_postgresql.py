"""A database on a PostgreSQL server: whatever goes wrong is said with a way out, the password never; a lost
connection is opened anew."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from urllib.parse import quote, urlsplit

import psycopg
import pytest

from store.credits.ledger import Ledger
from store.database import Database, retried
from store.engines.postgresql import PostgreSQL
from store.engines.urls import server_parameters
from store.errors import DatabaseTrouble
from store.messages.messenger import Messenger
from store.people.addressbook import AddressBook
from store.settings import Settings
from tests.environment import CHECKOUT
from tests.store.opened import opened


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


def trouble_of(act: Callable[[], object]) -> tuple[str, str]:
    """The code and the sentence of what an act fails with."""
    with pytest.raises(DatabaseTrouble) as trouble:
        act()
    return trouble.value.code, str(trouble.value)


# Getting in


def test_a_server_that_doesnt_answer_is_named_without_the_password() -> None:
    code, says = trouble_of(lambda: opened("postgresql://zoe:secret@127.0.0.1:1/texts"))
    assert code == "unreachable"
    assert "Can't reach zoe@127.0.0.1:1/texts: " in says
    assert "refused" in says
    assert "--database" in says
    assert "secret" not in says


def test_a_password_that_a_server_repeats_is_kept_out_all_the_same() -> None:
    engine = PostgreSQL("zoe@localhost/texts", {"dbname": "texts", "password": "secret"})
    assert "unknown role …" in str(engine.trouble(psycopg.Error("unknown role secret")))


def test_a_wrong_password_is_told_from_a_server_that_is_gone(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("DROP ROLE IF EXISTS textmeter_guarded")
        server.execute("CREATE ROLE textmeter_guarded LOGIN PASSWORD 'right'")
    guarded = url.replace("postgres@", "textmeter_guarded:{}@")
    code, says = trouble_of(lambda: opened(guarded.format("s3cret")))
    assert (code, "s3cret" in says) == ("wrong-password", False)
    assert "PGPASSWORD" in says
    code, says = trouble_of(lambda: opened(guarded.replace(":{}@", "@")))
    assert code == "wrong-password"


def test_a_database_that_isnt_there_is_named(url: str) -> None:
    elsewhere = urlsplit(url)._replace(path="/elsewhere").geturl()
    code, says = trouble_of(lambda: opened(elsewhere))
    assert code == "no-such-database"
    assert 'database "elsewhere" does not exist' in says


def test_a_driver_that_is_missing_is_named_with_what_to_install(url: str) -> None:
    program = "import sys; sys.modules['psycopg'] = None; import store; store.Store(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", program, url], cwd=CHECKOUT, capture_output=True, text=True)
    assert "pip install 'textmeter[postgresql]'" in done.stderr.splitlines()[-1]


# Going wrong


def test_a_user_who_may_only_read_is_told_so(url: str) -> None:
    opened(url).write("theme", "day")
    reader = opened(f"{url}{quote(' -cdefault_transaction_read_only=on')}")
    code, says = trouble_of(lambda: reader.write("theme", "night"))
    assert code == "unwritable"
    assert "Can't write to" in says
    assert reader.read("theme") == "day"


@pytest.mark.parametrize(
    ("state", "code", "way_out"),
    [
        ("53100", "full", "out of disk space"),
        ("42501", "unwritable", "permission to write"),
        ("22012", "database", "textmeter doctor"),
    ],
)
def test_what_the_server_refuses_is_said_and_what_was_there_is_kept(
    url: str, state: str, code: str, way_out: str
) -> None:
    settings = opened(url)
    settings.write("theme", "day")
    with settings._database.transaction():
        settings._database.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN RAISE EXCEPTION SQLSTATE ''{state}''; END'"
        )
        settings._database.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON setting FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    found, says = trouble_of(lambda: settings.write("diary", "x"))
    assert (found, way_out in says) == (code, True)
    assert (settings.read("theme"), settings.read("diary")) == ("day", None)


def test_whoever_waits_too_long_for_somebody_else_hears_of_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = opened(url)
    settings.write("theme", "day")
    # Long enough for what the server itself locks now and then, on a busy machine too.
    monkeypatch.setattr(PostgreSQL, "settings", "SET lock_timeout = '200ms'")
    other = opened(url)
    with settings._database.transaction():
        settings.write("theme", "night")
        code, says = trouble_of(lambda: other.write("theme", "dusk"))
    assert (code, "Try again" in says) == ("locked", True)
    assert other.read("theme") == "night"


# Losing the connection


def cut_off(settings: Settings) -> None:
    """Ends the server's side of the calling thread's connection, and waits until that is noticed."""
    (pid,) = settings._database.execute("SELECT pg_backend_pid()").fetchone()
    parameters = settings._database._connections._parameters  # type: ignore[attr-defined]
    with psycopg.connect(**parameters, autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def test_a_connection_lost_between_two_uses_is_opened_anew(url: str) -> None:
    settings = opened(url)
    with settings._database.connection():
        settings.write("theme", "day")
        cut_off(settings)
        assert settings.read("theme") == "day"
        settings.write("theme", "night")
    assert settings.read("theme") == "night"


def test_a_connection_lost_in_a_change_undoes_it_and_the_next_use_connects_anew(url: str) -> None:
    settings = opened(url)
    settings.write("theme", "day")

    def lose_it_halfway() -> None:
        with settings._database.transaction():
            settings.write("theme", "night")
            cut_off(settings)
            settings.write("theme", "dusk")

    code, says = trouble_of(lose_it_halfway)
    assert (code, "check before you make it again" in says) == ("connection-lost", True)
    assert settings.read("theme") == "day"


def test_connections_are_used_again_and_closed_with_the_database(url: str) -> None:
    settings = opened(url)
    database = settings._database

    def pid() -> int:
        with database.connection():
            return int(database.execute("SELECT pg_backend_pid()").fetchone()[0])

    first = pid()
    assert pid() == first
    database.close()
    assert pid() != first
    database.close()


def test_each_thread_has_a_connection_of_its_own(url: str) -> None:
    settings = opened(url)
    found: list[str | None] = []
    with settings._database.transaction():
        settings.write("theme", "day")
        other = Thread(target=lambda: found.append(settings.read("theme")))
        other.start()
        other.join(60)
    assert found == [None]
    settings._database.close()


# Undoing one change for the sake of another


class Crossing:
    """Two settings that are written in an order of the caller's. Whoever is first waits for the other."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self.settings = Settings(self._database)
        self.met = Barrier(2)
        self.tries = 0

    @retried
    def write(self, first: str, second: str) -> None:
        with self._database.transaction():
            self.tries += 1
            self.settings.write(first, "x")
            with suppress(BrokenBarrierError):
                self.met.wait(60)
                self.met.abort()
            self.settings.write(second, "x")


def test_of_two_changes_that_wait_for_each_other_one_is_undone_and_made_again(url: str) -> None:
    settings = opened(url)
    settings.write("a", "")
    settings.write("b", "")
    crossing = Crossing(url)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(crossing.write, "a", "b"), pool.submit(crossing.write, "b", "a")]:
            done.result(60)
    assert crossing.tries == 3
    assert (settings.read("a"), settings.read("b")) == ("x", "x")


# Several servers


def test_of_several_servers_the_first_that_takes_changes_is_used(url: str) -> None:
    given = server_parameters(url)
    place = f"{given['host'].replace('/', '%2F')}:{given.get('port', '')}"
    several = f"postgresql://{given['user']}:none@127.0.0.1:1,{place}/{given['dbname']}"
    several += f"?target_session_attrs=read-write&options={quote(given['options'])}"
    settings = opened(several)
    settings.write("theme", "day")
    assert settings.read("theme") == "day"
    assert settings._database.name.startswith(f"{given['user']}@127.0.0.1:1,")
    settings._database.close()


def test_of_several_servers_that_dont_answer_all_are_named_without_the_password() -> None:
    code, says = trouble_of(lambda: opened("postgresql://zoe:secret@127.0.0.1:1,[::1]:1/texts"))
    assert code == "unreachable"
    assert "Can't reach zoe@127.0.0.1:1,[::1]:1/texts: " in says
    assert "secret" not in says


# The tables


def columns(url: str) -> list[tuple[str, str, str | None]]:
    """The type and collation of each column of our tables."""
    database = Database(url)
    database.migrate([*Settings.TABLES, *Ledger.TABLES, *AddressBook.TABLES, *Messenger.TABLES])
    with database.connection():
        found = database.execute(
            "SELECT table_name || '.' || column_name, data_type, collation_name FROM "
            "information_schema.columns WHERE table_schema = current_schema() ORDER BY 1"
        ).fetchall()
    database.close()
    return found


def test_numbers_are_as_wide_as_sqlites_and_texts_compare_by_their_bytes(url: str) -> None:
    found = columns(url)
    assert len(found) > 100
    assert {(kind, collation) for _, kind, collation in found} == {
        ("bigint", None),
        ("boolean", None),
        ("bytea", None),
        ("text", "C"),
    }


def test_doctor_is_told_what_server_it_is(url: str) -> None:
    told = dict(opened(url)._database.described())
    assert list(told) == ["server", "latency", "size"]
    assert told["server"].startswith("PostgreSQL ")
    assert told["latency"].endswith(" ms")
    assert told["size"].endswith((" kB", " MB"))


def test_no_standby_is_known_where_there_is_one_server(url: str) -> None:
    assert opened(url)._database.standby() == ""
