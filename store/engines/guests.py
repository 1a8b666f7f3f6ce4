"""What people elsewhere are told of a database in trouble: nothing of servers, paths and users, which are no
business of theirs, and nothing that only whoever runs the server can do."""

from __future__ import annotations

from collections.abc import Mapping

from store.errors import DatabaseTrouble
from store.sentences import Sentence, sentence

_SAYS: Mapping[str, Sentence] = {
    "unreachable": sentence(
        "Can't reach the database. Nothing was changed. Try again in a moment, or tell whoever runs this "
        "server."
    ),
    "connection-lost": sentence(
        "The connection to the database was lost. Your last change may or may not have been saved: check "
        "before you make it again."
    ),
    "conflict": sentence(
        "Others kept changing the same data, so your last change wasn't saved. Everything "
        "before it was. Try again in a moment."
    ),
    "corrupt": sentence("The database is damaged. It was left as it is. Tell whoever runs this server."),
    "locked": sentence("Someone else is changing the same data. Nothing was changed. Try again in a moment."),
}
_OTHERWISE = sentence(
    "The database has a problem. Your last change wasn't saved; everything before it "
    "was. Tell whoever runs this server."
)


def for_guests(trouble: DatabaseTrouble) -> DatabaseTrouble:
    """The same trouble, in words for whoever this machine's files and servers don't concern."""
    return DatabaseTrouble(_SAYS.get(trouble.code, _OTHERWISE), code=trouble.code)
