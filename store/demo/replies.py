"""What people write back in the demo data, and what of it waits at its end."""

from __future__ import annotations

from store import Store

ANSWERS = (
    "Yes, please!",
    "Thanks for letting me know.",
    "Can we talk tomorrow morning?",
    "Sounds good, see you then.",
    "Is Friday at 3 possible?",
    "I'll talk it over at home and get back to you.",
    "👍",
    "Not this week, but maybe next.",
    "Could you send me the details?",
    "Where do I park?",
)
REFUSAL = "Sorry, I think you have the wrong number"
NOW_AND_THEN = (
    "Hi! Is the house on Elm St still available?",
    "Running five minutes late, sorry!",
    "Got it, thank you.",
    "Could we make it 4 instead of 3?",
    "My sister is looking for a place too. May I give her your number?",
    "Signed and sent back.",
    "What would the closing costs be, roughly?",
    "We loved it. What's the next step?",
)
"""What comes in while somebody looks at the demo data."""

UNREAD = 3


def read_all_but_the_latest(store: Store, account_id: int) -> None:
    """At the end of the year all is read but the latest few."""
    threads = store.conversations.threads(account_id, limit=10_000)
    for thread in threads[UNREAD:]:
        store.conversations.mark_read(account_id, thread.phone)
