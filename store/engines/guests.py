"""What people elsewhere are told of a database in trouble: nothing of servers, paths and users, which are no
business of theirs, and nothing that only whoever runs the server can do."""

from __future__ import annotations

from collections.abc import Mapping

from store.errors import DatabaseTrouble
from store.sentences import Sentence, sentence

_SAYS: Mapping[str, Sentence] = {
    "unreachable": sentence(
        "The database can't be reached. Nothing was changed. Try again in a moment, or tell whoever runs "
        "this server."
    ),
    "connection-lost": sentence(
        "The connection to the database was lost. A change that was under way is made as a whole or not at "
        "all: look before you make it again."
    ),
    "conflict": sentence(
        "Others kept changing the same things, so the last change was not made; all before it is kept. Try "
        "again in a moment."
    ),
    "locked": sentence(
        "Somebody else is changing the same things and doesn't finish. Nothing was changed. Try again in a "
        "moment."
    ),
}
_OTHERWISE = sentence(
    "The database has a problem. The last change was not made; all before it is kept. Tell whoever runs this "
    "server."
)


def for_guests(trouble: DatabaseTrouble) -> DatabaseTrouble:
    """The same trouble, in words for whoever this machine's files and servers don't concern."""
    return DatabaseTrouble(_SAYS.get(trouble.code, _OTHERWISE), code=trouble.code)
