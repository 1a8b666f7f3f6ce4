"""What was said about a number, in words."""

from __future__ import annotations

from store.people.consent import WAYS
from store.people.model import ConsentState, Said
from store.sentences import N_, Sentence, sentence

STATES = {
    ConsentState.IN: N_("opted in"),
    ConsentState.OUT: N_("opted out"),
    ConsentState.UNKNOWN: N_("unknown"),
}
SIGNS = {ConsentState.IN: "✓", ConsentState.OUT: "✗", ConsentState.UNKNOWN: " "}


def state_words(said: Said) -> Sentence:
    """ "opted out"; with what was said against it since, where a person is to decide."""
    state = Sentence(STATES[said.state])
    if said.asks is None:
        return state
    if said.asks is ConsentState.IN:
        return sentence("{state}; a list says they opted in", state=state)
    return sentence("{state}; may have opted out", state=state)


def marketing_words(*, needs_yes: bool) -> Sentence:
    """Whom an account's marketing goes to."""
    if needs_yes:
        return sentence("Marketing goes only to people who said yes.")
    return sentence("Marketing goes to everyone who hasn't opted out.")


def how_words(said: Said) -> Sentence:
    """By what way it came, and who noted it: "noted by hand, Ola"."""
    if not said.how:
        return Sentence("")
    how = Sentence(WAYS.get(said.how, said.how))
    return sentence("{how}, {person}", how=how, person=said.by) if said.by else how
