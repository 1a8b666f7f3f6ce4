"""Changes of the address book, taken back, and what is told of it."""

from __future__ import annotations

from store import Store
from store.people.model import Change
from store.sentences import N_, Sentence, sentences
from tui.base.undoing import Deed

UNDONE = {
    "add": N_("Undone: {what} is no longer in your contacts."),
    "edit": N_("Undone: {what} is back to how it was."),
    "delete": N_("Undone: {what} is back."),
    "tag": N_("Undone: the groups are back to how they were."),
    "merge": N_("Undone: {what} is back to how it was before the merge."),
    "apart": N_("Undone: {what} may show up as a duplicate again."),
    "group": N_("Undone: the groups are back to how they were."),
}


def change_deed(change: Change) -> Deed:
    """What takes a change of the address book back."""
    return Deed(undone(change), lambda store: store.people.undo(change=change.id))


def changed(store: Store) -> Change:
    """The change that was made just now by whoever is at work, in the same connection."""
    change = store.people.last_change()
    assert change is not None, "it is asked after a change"
    return change


def undone(change: Change) -> Sentence:
    """What undoing came to."""
    if change.kind == "import":
        return sentences(
            "Undone: the import of {file} with {count} person.",
            "Undone: the import of {file} with {count} people.",
            change.people,
            file=change.what,
        )
    if change.kind == "delete" and change.people > 1:
        return sentences("Undone: {count} person is back.", "Undone: {count} people are back.", change.people)
    return Sentence(UNDONE[change.kind], {"what": change.what})
