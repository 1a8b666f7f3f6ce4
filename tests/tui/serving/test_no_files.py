"""Whoever is served has no way to the machine's files: none is read, none is made, and no path is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from store import paths
from tests.ssh import Server, ask, at_terminal, authorize, connected, serving
from tests.tui.harness import front, make_app, make_store, press, settled, text, toasts, words
from tests.waiting import until
from tui.billing.order import OrderScreen
from tui.commands.entry import run_in
from tui.compose.screen import ComposeScreen
from tui.contacts.screen import ContactsScreen
from tui.history.screen import HistoryScreen
from tui.i18n.language import Language
from tui.serving.app import ServedApp
from tui.serving.session import ServedSession, run
from tui.serving.session_spec import SessionSpec, seen_code
from tui.widgets.path_suggester import PathSuggester

FORMS = (
    "contacts import {}",
    "smartplan start {} --to ann@example.com",
    "history --xlsx {}.xlsx",
    "estimate --to +14155550123 --media {} Hi",
    "send --to +14155550123 --media {} Hi",
    "--database {} balance",
    "backup {}",
    "restore {} --yes",
    "demo --keep {}",
    "serve ssh --demo --anonymous --port 0 --host-key {}",
    "serve session --person eve --role owner --database {}",
    "doctor {}",
    "config set database {}",
    "config path {}",
    "completion {}",
    "run --once {}",
)
"""Command lines that would read or write a file."""
SECRET = "a secret of the server's"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a demo for everybody; its home holds secrets."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "home" / ".ssh").mkdir(parents=True)
    (folder / "home" / ".ssh" / "id_ed25519").write_text(SECRET, encoding="utf-8")
    (folder / "home" / "link").symlink_to("/etc/passwd")
    with serving(folder, "--demo", "--anonymous") as server:
        yield server


def places(server: Server) -> list[str]:
    """Files that somebody might be after, however they are written."""
    (template,) = (server.folder / "tmp").glob("*/demo.sqlite3")
    return [
        "/etc/passwd",
        "~/.ssh/id_ed25519",
        "~/link",
        "../../../../../../etc/passwd",
        "/proc/self/environ",
        "/proc/self/cwd/link",
        "/dev/stdin",
        f"{server.folder}/key",
        f"{server.folder}/log",
        f"{server.folder}/home/new",
        str(template),
        f"sqlite:///{template}",
        "postgresql://localhost/postgres",
        *map(str, server.databases()),
    ]


def listing(server: Server) -> set[Path]:
    """All that lies in the server's folder, sessions' own things aside."""
    return {path for path in server.folder.rglob("*") if "demo.sqlite3-" not in path.name}


def refused(code: int) -> bool:
    """Whether a command did nothing."""
    return code in (2, 4)


async def test_over_ssh_no_file_is_read_or_made_and_no_path_is_told(demo: Server) -> None:
    async with connected(demo.port) as theirs, connected(demo.port) as connection:
        other = await at_terminal(theirs)  # whose database is there to be wished for
        await other.shows("1 of 6")
        there = listing(demo)
        # Each command once, and each place once: all of them with each other need no server.
        tried = places(demo)
        for number in range(max(len(FORMS), len(tried))):
            place = tried[number % len(tried)]
            said = await ask(connection, FORMS[number % len(FORMS)].format(place))
            assert refused(said.code), (place, said)
            told = (said.out + said.err).replace(place, "")
            assert SECRET not in told
            assert "root:" not in told
            assert str(demo.folder) not in told
        await until(lambda: listing(demo) == there, "what was there, and no more")


def test_no_command_takes_a_path_of_any_kind(
    demo: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_within_reach", False)
    monkeypatch.setenv("HOME", str(demo.folder / "home"))
    monkeypatch.chdir(demo.folder / "home")
    make_store(tmp_path).close()
    spec = SessionSpec(str(tmp_path / "textmeter.sqlite3"))
    there = listing(demo)
    for form, place in product(FORMS, places(demo)):
        line = form.format(place)
        code = run_in(lambda *language: ServedSession(spec, pytest.fail, *language), line.split())
        said = capsys.readouterr()
        assert refused(code), (line, said)
        assert SECRET not in said.out + said.err
        assert "root:" not in said.out + said.err
    assert listing(demo) <= there


def test_a_path_is_completed_from_no_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    (home / "people.csv").touch()
    assert asyncio.run(PathSuggester().get_suggestion("peo")) == "people.csv"
    monkeypatch.setattr(paths, "_within_reach", False)
    assert asyncio.run(PathSuggester().get_suggestion("peo")) is None


@pytest.mark.parametrize(
    ("mode", "key", "stays_on", "command"),
    [
        ("compose", "f7", ComposeScreen, ""),
        ("contacts", "i", ContactsScreen, "ssh HOST contacts import - < contacts.csv"),
        ("history", "s", HistoryScreen, "ssh HOST history --csv > history.csv"),
    ],
)
async def test_a_screen_says_so_before_anything_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, key: str, stays_on: type, command: str
) -> None:
    monkeypatch.setattr(paths, "_within_reach", False)
    store = make_store(tmp_path)
    text(store, "Open house on Sunday", "+14155550123")
    app = make_app(store, first=mode)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, key)
        assert front(app) is stays_on
        (toast,) = toasts(app)
        assert toast.startswith("Textmeter is running on another machine and can't reach files on yours.")
        assert toast.endswith(command)


async def test_in_a_demo_no_command_is_named_that_would_have_other_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_within_reach", False)
    app = make_app(make_store(tmp_path), first="history")
    app.demo_gone_after = True
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "s")
        assert toasts(app) == ["Textmeter is running on another machine and can't reach files on yours."]


async def test_a_receipt_is_copied_where_it_cant_be_saved(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_within_reach", False)
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        app.push_screen(OrderScreen(1))
        await settled(pilot)
        await press(pilot, "s")
        (toast,) = toasts(app)
        assert toast.endswith("Press ^C to copy the receipt instead.")
        await press(pilot, "ctrl+c")
        assert "Agent texts" in app.clipboard
    assert [one.name for one in home.iterdir()] in ([], [".local"])  # our log alone


async def test_there_is_no_look_round_where_it_would_be_made_on_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "Look around with demo data" in words(app)
    monkeypatch.setattr(paths, "_within_reach", False)
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "Open the account" in words(app)
        assert "Look around with demo data" not in words(app)


async def test_of_what_nobody_foresaw_the_server_is_told_the_details_and_the_visitor_no_path(
    tmp_path: Path,
) -> None:
    with serving(tmp_path / "demo", "--demo", "--anonymous") as server:
        (template,) = (server.folder / "tmp").glob("*/demo.sqlite3")
        template.unlink()
        async with connected(server.port) as connection:
            said = await ask(connection, "balance")
            terminal = await at_terminal(connection)
            assert await terminal.end() == 1
            for told in (said.out + said.err, terminal.output.decode()):
                assert "Something unexpected went wrong" in told
                words = " ".join(told.split())
                assert "The person who runs this server can find the details in its log." in words
                assert str(server.folder) not in told
                assert "Traceback" not in told
        assert server.log.count("FileNotFoundError") >= 2
        assert server.log.count(" ended why=crash ") == 2
        assert str(template) in server.log
        assert not list((server.folder / "tmp").glob("textmeter-error-*"))


async def test_of_a_damaged_database_a_guest_hears_nothing_of_its_file(tmp_path: Path) -> None:
    keys = authorize(tmp_path, ann="owner")
    database = tmp_path / "team.sqlite3"
    with (
        serving(
            tmp_path / "team",
            *("--authorized-keys", str(tmp_path / "people.keys")),
            database=str(database),
        ) as server,
        database.open("r+b") as file,
    ):
        file.write(b"no database at all, but something else" * 100)
        for beside in tmp_path.glob("team.sqlite3-*"):
            beside.unlink()
        file.flush()
        async with connected(server.port, keys["ann"]) as connection:
            said = await ask(connection, "balance")
    assert said.code == 1
    assert said.err == "The database is damaged. It was left as it is. Tell whoever runs this server.\n"


def test_a_session_that_sshd_starts_tells_the_details_to_the_systems_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logged: list[str] = []
    monkeypatch.setattr("syslog.syslog", lambda level, line: logged.append(line))
    monkeypatch.setattr(paths, "_within_reach", True)  # afterwards, it is again
    code = run(SessionSpec(str(tmp_path / "missing"), folder=str(tmp_path), line="balance"))
    said = capsys.readouterr()
    assert seen_code(code) == 1
    assert "(FileNotFoundError)" in said.err
    assert str(tmp_path) not in said.err
    assert all(line.startswith("textmeter: ") for line in logged)
    assert any(str(tmp_path / "missing") in line for line in logged)


def test_whoever_runs_the_server_finds_in_its_log_what_is_wrong_with_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "_within_reach", True)  # afterwards, it is again
    database = tmp_path / "team.sqlite3"
    database.write_bytes(b"no database at all, but something else" * 100)
    logged: list[str] = []
    assert run(SessionSpec(str(database), line="balance"), logged.append) == 1
    assert "team.sqlite3" not in capsys.readouterr().err
    assert logged == ["corrupt: file is not a database\n"]


async def test_a_page_is_opened_by_the_visitors_browser_where_it_shows_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", pytest.fail)
    asked, pages = os.pipe()
    monkeypatch.setattr("tui.serving.app.PAGES", pages)
    store = make_store(tmp_path)
    app = ServedApp(lambda: store, Language("en"), language_asked=True, idle=900, longest=900, browser=True)
    async with app.run_test() as pilot:
        await settled(pilot)
        app.open_url("https://pay.example.com/card")
        assert toasts(app) == []
    assert os.read(asked, 100) == b"https://pay.example.com/card\n"
    os.close(asked)
    os.close(pages)


async def test_no_browser_is_started_on_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", pytest.fail)
    store = make_store(tmp_path)
    app = ServedApp(lambda: store, Language("en"), language_asked=True, idle=900, longest=900)
    async with app.run_test() as pilot:
        await settled(pilot)
        app.open_url("https://pay.example.com/card")
        await settled(pilot)
        (toast,) = toasts(app)
        assert toast.endswith("Copy the address and open it in your browser.")
