"""How screens reach one another: each posts a message, which the app answers. Nobody else knows the others.

self.post_message(navigation.OpenOrder(1007))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    import tempfile
    from collections.abc import Callable

    from textual.screen import Screen

    from store import Store
    from store.credits.model import Account, Balance, Entry, Notice
    from store.messages.model import BlastSummary, Draft, Template
    from store.people.model import Contact
    from store.sentences import Sentence


# To the app


class Go(Message):
    """Switches to a screen by its name (see `tui.routes.screens.MODES`); what was typed on this one stays
    there. Its own name leads back to it from what was opened above it."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode


class GoTo(Message):
    """Switches to a screen, and has it show something of its own: what its room's finds named."""

    def __init__(self, mode: str, what: object) -> None:
        super().__init__()
        self.mode = mode
        self.what = what


class DoThere(Message):
    """Switches to a screen, and does there what an action's id says, or tells by which key it is done."""

    def __init__(self, mode: str, action_id: str) -> None:
        super().__init__()
        self.mode = mode
        self.action_id = action_id


class WriteText(Message):
    """Opens Compose on a text, or an email where the account sends these: these recipients, this body. What
    was being written is kept.

    goes_on: what was typed already was meant for this text, before it could be shown.
    """

    def __init__(self, draft: Draft, *, goes_on: bool = False) -> None:
        super().__init__()
        self.draft = draft
        self.goes_on = goes_on


class GoOnWriting(Message):
    """Opens Compose where what comes next is written: in To as long as nobody is chosen."""


class BuyCredits(Message):
    """Opens the buying of credits. credits: the number to begin with, 0 for the least; why: what for."""

    def __init__(self, credits: int = 0, why: Sentence | None = None) -> None:
        super().__init__()
        self.credits = credits
        self.why = why


class CheckDate(Message):
    """Opens the question whether the computer's date is right."""


class ChoosePlan(Message):
    """Opens the plans for a text that lacks so many credits; Esc leads back to it. why: says so."""

    def __init__(self, lacking: int, why: Sentence) -> None:
        super().__init__()
        self.lacking = lacking
        self.why = why


class OpenBlast(Message):
    """Opens a text that was sent."""

    def __init__(self, blast_id: int) -> None:
        super().__init__()
        self.blast_id = blast_id


class OpenCampaign(Message):
    """Opens an email that was sent to one or more people."""

    def __init__(self, campaign_id: int) -> None:
        super().__init__()
        self.campaign_id = campaign_id


class OpenInbox(Message):
    """Opens the inbox: on those who answered a blast, or on the conversation with a number (E.164)."""

    def __init__(self, *, blast_id: int = 0, phone: str = "") -> None:
        super().__init__()
        self.blast_id = blast_id
        self.phone = phone


class SaveTemplate(Message):
    """Opens the form in which a text is kept as a template, under a name that is asked for."""

    def __init__(self, template: Template) -> None:
        super().__init__()
        self.template = template


class ChooseTemplate(Message):
    """Offers the templates, and what each costs by the rates of an account (None: the one at hand). take: is
    called with the one that is chosen."""

    def __init__(self, take: Callable[[Template], None], account_id: int | None = None) -> None:
        super().__init__()
        self.take = take
        self.account_id = account_id


class OpenContact(Message):
    """Opens all that is known of a person."""

    def __init__(self, contact: Contact) -> None:
        super().__init__()
        self.contact = contact


class OpenOrder(Message):
    """Opens an order by its number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class OpenEntry(Message):
    """Opens a line of the history."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry


class OpenRates(Message):
    """Shows what a text costs in each country."""


class OpenAccounts(Message):
    """Opens the list of accounts."""


class OpenKeys(Message):
    """Opens the list of all keys, in which they can be changed."""


class OpenSenders(Message):
    """Opens the senders."""


class OpenClock(Message):
    """Shows the demo clock."""


class UseAccount(Message):
    """Makes an account the session's, which shows none yet. store: the database that it is in, where that is
    another one, of demo data in a folder that goes with the app. receipt: whether that of its first order is
    shown."""

    def __init__(
        self,
        account: Account,
        store: Store | None = None,
        folder: tempfile.TemporaryDirectory[str] | None = None,
        *,
        receipt: bool = False,
    ) -> None:
        super().__init__()
        self.account = account
        self.receipt = receipt
        self.store = store
        self.folder = folder


class ShowAccount(Message):
    """Shows another account, now and at the next start. Every screen begins anew with it. receipt: whether
    that of its first order is shown."""

    def __init__(self, account: Account, *, receipt: bool = False) -> None:
        super().__init__()
        self.account = account
        self.receipt = receipt


class MoveClock(Message):
    """Moves the demo clock forward by a step of `tui.demo.clock`."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step


class ShowTour(Message):
    """Shows a step of the tour (counted from 0). above: the screen that is opened below its panel."""

    def __init__(self, number: int, above: Screen[None] | None = None) -> None:
        super().__init__()
        self.number = number
        self.above = above


class TextSent(Message):
    """A text was queued: it is to be delivered, and looked at."""

    def __init__(self, blast: BlastSummary) -> None:
        super().__init__()
        self.blast = blast


class EmailSent(Message):
    """A campaign was queued: it is to be handed over, and looked at; 0: a test, which isn't."""

    def __init__(self, campaign_id: int = 0) -> None:
        super().__init__()
        self.campaign_id = campaign_id


# From the app


class StoreOpened(Message):
    """The database is open, an account is chosen, and the store may be asked. Sent to the present screen."""


class Show(Message):
    """Puts the cursor on something: see `GoTo`. Sent to the screen that was gone to."""

    def __init__(self, what: object) -> None:
        super().__init__()
        self.what = what


class Do(Message):
    """Does what an action's id says: see `DoThere`. Sent to the screen that was gone to."""

    def __init__(self, action_id: str) -> None:
        super().__init__()
        self.action_id = action_id


class BlastProgressed(Message):
    """A blast has come further. Sent to the present screen."""

    def __init__(self, summary: BlastSummary) -> None:
        super().__init__()
        self.summary = summary


# Of the session


class ThresholdsReached(Message):
    """A share of what can be used was reached. notices: those not told yet that still hold, the highest
    last."""

    def __init__(self, notices: list[Notice], balance: Balance) -> None:
        super().__init__()
        self.notices = notices
        self.balance = balance
