"""What every command works with: the session's language, its store and clock, and where its answers go."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from store.errors import RefusedByRule, TextmeterError, WrongUsage
from store.payments import PaymentUnreachable
from store.roles import LOCAL, Person, Role
from store.sentences import Sentence, sentence
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.clock import DemoClock
    from store.config.kinds import Value
    from store.credits.model import Account, CatchUp
    from store.messages.model import Draft
    from tui.base.places import Places

MOST_CHARACTERS = 20_000
"""Of a text, as in Compose."""
MOST_BYTES = 4 * MOST_CHARACTERS + len("\ufeff\n".encode())
"""Of standard input, where a text is read from it."""

COMPLETE = "_TEXTMETER_COMPLETE"
"""The variable by which a shell asks for completions, named as Click's scripts name it."""
NOT_DRAWN_ON = ("dumb", "unknown")
"""Terminals without a cursor that goes where it is sent, by their names in TERM."""


class Session:
    """One run of the command line: what was asked for before the command, and the ways to answer.

    language_asked: whether somebody named the language now. language_option: what `--lang` named, or "".
    database: "" is the default one. now: the time that `--now` names, or "". account_asked: the one that
    `--account` names, or None. screen: the one that `--screen` names, or "". json: whether the answer is to
    be JSON. person: who asks; whoever runs Textmeter on their own machine, where nobody says otherwise.
    """

    served = False
    """Whether it is for somebody elsewhere, whom this machine's files and databases don't concern."""
    crash_code = 1
    """What is exited with after an error that nobody foresaw."""

    def __init__(self, language: Language, language_asked: bool = False) -> None:
        self.language = language
        self.language_asked = language_asked
        self.language_option = ""
        self.database = ""
        self.now = ""
        self.account_asked: int | None = None
        self.screen = ""
        self.json = False
        self.person: Person = LOCAL
        self._told_of: set[int] = set()

    @cached_property
    def clock(self) -> DemoClock:
        """The clock of the store: a command takes no time on it."""
        from store.clock import DemoClock

        return DemoClock(goes_on=False)

    # What is configured

    @property
    def account_id(self) -> int | None:
        """The account that is asked for or configured; None is the only one, or the default one. What is
        configured is one of the configured database. Raises ConfigMistake."""
        if self.account_asked is None and not self.served and not self.database:
            from store.config import number

            return number("account")
        return self.account_asked

    @property
    def options(self) -> dict[str, Value]:
        """What was said in options instead of the configuration, by the keys of settings."""
        said: dict[str, Value | None] = {
            "database": self.database or None,
            "language": self.language_option or None,
            "account": self.account_asked,
        }
        return {key: value for key, value in said.items() if value is not None}

    # The store

    @contextlib.contextmanager
    def open_store(self, *, at_now: bool = True) -> Iterator[Store]:
        """The open database.

        at_now: move the time to `--now` first; not where the account that has the clock is yet to be opened.
        """
        store = self._open()
        try:
            with store.connection():
                if self.now and at_now:
                    self.account(store)
                yield store
        finally:
            store.close()

    def _open(self) -> Store:
        from store import Store
        from store.config import default_catalog

        return Store(self.database, clock=self.clock, catalog=default_catalog(), person=self.person)

    def account(self, store: Store) -> Account:
        """The account that is meant, brought up to the present or to where its demo clock is put.

        A demo clock that isn't moved stands where it was. Where it is moved, the receipts that are due by
        then have come. Raises what `place_clock` raises."""
        account = store.credits.account(self.account_id)
        before = store.messages.scheduled(account.id) if self.now else []
        self.place_clock(store, account)
        self.catch_up(store, account)
        if self.now:
            from tui.commands.playing import play

            play(store, account.id, before)
        return store.credits.account(account.id)

    def catch_up(self, store: Store, account: Account, *, confirmed: bool = False) -> CatchUp:
        """Brings an account up to where the clock was placed; confirmed: also where that wants the date to be
        confirmed. Warns, once for each account, where the clock was set back, and where the date is to be
        confirmed first; and where the payment provider can't be asked for what comes next."""
        found = store.credits.catch_up(account.id)
        if found.waiting and confirmed:
            found = store.credits.catch_up(account.id, confirmed=True)
        if found.asks and store.person.lacks(Role.SENDER) is None:
            try:
                store.credits.collect(account.id, confirmed=confirmed)
            except PaymentUnreachable as error:
                self.warn(error.says)
        if (found.clock_set_back or found.waiting) and account.id not in self._told_of:
            from store.maintenance import date_to_confirm
            from tui.demo.clock import clock_set_back

            self._told_of.add(account.id)
            self.warn(date_to_confirm(store, account) if found.waiting else clock_set_back(account))
        return found

    def place_clock(self, store: Store, account: Account) -> None:
        """Puts the clock where an account has it, or where `--now` wants it. Raises RefusedByRule for `--now`
        on an account without a demo clock, by somebody who is no owner, and for a time that is too far
        away."""
        from store.clock import follow

        follow(self.clock, account.id, account.clock_floor if account.demo_clock else None)
        if self.now:
            if not account.demo_clock:
                raise not_a_demo()
            store.credits.put_clock(account.id, self.instant(account.timezone))

    def instant(self, timezone: str, typed: str = "", option: str = "--now") -> datetime:
        """The instant that `--now` names, or typed, of another option, in UTC; without an offset it is in
        `timezone` (an IANA name)."""
        from store.clock import zone

        typed = typed or self.now
        try:
            named = datetime.fromisoformat(typed)
        except ValueError:
            raise _no_time(typed, option) from None
        local = named.replace(tzinfo=named.tzinfo or zone(timezone))
        try:
            return local.astimezone(UTC)
        except OverflowError:
            raise _no_time(typed, option) from None

    # What was typed

    def text(self, typed: str) -> str:
        """A text as typed, or standard input for "-", of which no more is read than a text may have. Raises
        WrongUsage for bytes that are no text, and for too many."""
        try:
            if typed == "-":
                return self._text_of_stdin()
            typed.encode()
        except UnicodeError:
            raise WrongUsage(
                sentence(
                    "Some characters can't be read because the text isn't UTF-8. Save it as UTF-8 and "
                    "try again."
                ),
                code="not-utf-8",
            ) from None
        return typed

    def _text_of_stdin(self) -> str:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
        # Cut off within a character it would be no UTF-8.
        text = data.decode("utf-8-sig", "strict" if len(data) <= MOST_BYTES else "ignore").removesuffix("\n")
        if len(text) > MOST_CHARACTERS:
            raise WrongUsage(
                sentence("The text is longer than {most} characters. Shorten it.", most=MOST_CHARACTERS),
                code="too-long",
            )
        return text

    # The app

    def _why_not_draw(self) -> Sentence | None:
        """Why the app can't be drawn here; None where it can."""
        if not on_a_terminal():
            return sentence(
                "The app needs a terminal. Run `textmeter --help` for commands that work without one."
            )
        if (name := os.environ.get("TERM")) in NOT_DRAWN_ON:
            return sentence(
                "The app can't run in this terminal (TERM={name}). Run `textmeter --help` for "
                "commands that can.",
                name=name,
            )
        return None

    def open_app(
        self,
        screen: str = "",
        draft: Draft | None = None,
        *,
        open_store: Callable[[], Store] | None = None,
        demo: bool = False,
        tour: bool = False,
    ) -> int:
        """Opens the app on a screen, "" for where it was left; draft: what Compose is filled with;
        open_store: opens another database than the one asked for; demo, tour: as in `TextmeterApp`. The exit
        code."""
        if (why := self._why_not_draw()) is not None:
            raise WrongUsage(why, code="no-terminal")
        places = self._places() if open_store is None else None
        place = places.read() if places is not None and not screen else None
        return self._run_app(
            open_store=partial(self._store_of_the_app, open_store),
            language=self.language,
            language_asked=self.language_asked,
            first=screen or "home",
            places=places,
            place=place,
            account_id=self.account_id if open_store is None else self.account_asked,
            draft=draft,
            demo=demo,
            tour=tour,
            options=self.options,
        )

    def _places(self) -> Places | None:
        """Where the person left the app, which is where it opens again; None where it is to open at Home.
        Raises ConfigMistake."""
        from store.config import default_database, text
        from tui.base.places import Places

        if text("start.screen") != "last":
            return None
        return Places(self.database or default_database(), self.person.name)

    def _run_app(self, **about: Any) -> int:
        """Runs the app that these arguments of `TextmeterApp` make."""
        from tui.launch import open_app

        return open_app(**about)

    def _store_of_the_app(self, open_store: Callable[[], Store] | None) -> Store:
        from store.clock import DemoClock

        if open_store is None:
            self.clock = DemoClock()  # in the app time goes on
            store = self._open()
        else:
            store = open_store()
            self.clock = cast("DemoClock", store.clock)
        with store.connection():
            if self.now:  # else the app follows the clock of the account that it shows
                account_id = self.account_id if open_store is None else self.account_asked
                self.place_clock(store, store.credits.account(account_id))
        return store

    # When something fails that nobody foresaw

    def keep_cause(self, error: TextmeterError) -> None:
        """Keeps why something failed, where its person is told less than whoever can mend it needs."""

    def keep_details(self, error: Exception) -> Sentence:
        """Keeps the details of an error where whoever mends it finds them; what its person is told."""
        from tui.diagnostics.crash import keep_report, told

        return told(error, keep_report(error))

    # Before something that costs

    def agree(self, says: Sequence[Sentence], question: str, *, yes: bool, must: bool = True) -> None:
        """Shows what is about to be done and asks for it on the terminal, unless `--yes` was given. must:
        whether it isn't done without. Raises WrongUsage where it isn't and nobody can be asked, and
        TextmeterError where the answer isn't yes."""
        if yes or not (must or can_ask()):
            return
        if not can_ask():
            raise WrongUsage(
                sentence(
                    "This needs your confirmation, but there is no terminal to ask on. Nothing was "
                    "changed. Add --yes to confirm."
                ),
                code="not-confirmed",
            )
        for line in says:
            self.warn(line)
        _ = self.language.gettext
        yes_key, no_key = _("y"), _("N")
        sys.stderr.write(f"{question} [{yes_key}/{no_key}] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().casefold() not in (yes_key, _("yes")):
            raise TextmeterError(sentence("Nothing was changed."), code="not-confirmed")

    # Answers

    def answer(self, value: object) -> None:
        """Prints one JSON value."""
        write(as_json(value) + "\n")

    def answer_array(self, values: Iterable[object], before: str = "", after: str = "\n") -> None:
        """Prints a JSON array, a value a line as they come, since there may be a million. before, after: what
        stands around it."""
        write(before + "[")
        separator = "\n"
        for value in values:
            write(separator + as_json(value))
            separator = ",\n"
        write("\n]" + after)

    def say(self, *lines: str) -> None:
        """Prints lines for people; what they quote has gone through `plain`."""
        write("".join(f"{line}\n" for line in lines))

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()
    ) -> None:
        """Prints rows in aligned columns; right: the columns whose cells stand at their right edge."""
        from rich.cells import cell_len

        cells = [list(map(plain, row)) for row in [headings, *rows]]
        widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            padded = []
            for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
                space = " " * (width - cell_len(cell))
                padded.append(space + cell if column in right else cell + space)
            self.say("  ".join(padded).rstrip())

    def warn(self, says: Sentence) -> None:
        """Tells people something beside the answer."""
        tell(plain(self.language.say(says), lines=True))

    def progress(self, text: str) -> None:
        """Shows how far something is, on a line that the next one replaces; only on a terminal."""
        if sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()


def _no_time(typed: str, option: str) -> WrongUsage:
    return WrongUsage(
        sentence(
            "{option} needs a time such as 2026-04-16T09:30 or 2026-04-16T09:30+02:00, not {now}.",
            option=option,
            now=typed,
        ),
        code="usage",
    )


def not_a_demo() -> RefusedByRule:
    """What `--now` is answered on an account by the real time."""
    return RefusedByRule(
        sentence(
            "--now only works with a demo clock, and this account runs on real time. Nothing was "
            "changed. Open a demo account in another database: `textmeter --database demo.db "
            "account open --demo-clock`."
        ),
        code="no-demo-clock",
    )


def on_a_terminal() -> bool:
    """Whether a person sits at all ends; the app draws on stderr."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def can_ask() -> bool:
    """Whether somebody would read a question and could answer it."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def as_json(value: object) -> str:
    """A value as JSON on one line, in ASCII: it passes every terminal, locale and pipe unharmed."""
    import json

    return json.dumps(value)


def write(text: str) -> None:
    """Writes to standard output; a character that its encoding lacks is replaced."""
    if sys.stdout is not None:
        sys.stdout.write(text)


def tell(line: str) -> None:
    """Writes a line to standard error, if there is one."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(line + "\n")
