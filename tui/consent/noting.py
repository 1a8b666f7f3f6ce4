"""Noting who may be texted, and taking that back. Questions to the store are called in threads."""

from __future__ import annotations

from collections.abc import Sequence

from store import Store
from store.people.model import ConsentState, Said
from store.sentences import sentence
from tui.base.undoing import Deed
from tui.i18n.language import Language


def noted(store: Store, state: ConsentState, numbers: Sequence[str], account_id: int, why: str) -> list[Said]:
    """Notes for numbers (E.164) that they may be texted, or not; what held for them before."""
    before = [store.consent.standing(number, account_id) for number in numbers]
    if state is ConsentState.OUT:
        store.consent.opt_out_all(numbers, account_id, why=why)
    else:
        store.consent.opt_in_all(numbers, account_id, why=why)
    return before


def noted_deed(
    language: Language, before: Sequence[Said], account_id: int, state: ConsentState, who: str
) -> Deed:
    """What takes it back: one more record, which says so. language: of that record's words."""
    why = language.gettext("noted by mistake, taken back")

    return Deed(
        sentence("Undone: {who}, as it was noted before.", who=who),
        lambda store: store.consent.take_back(before, account_id, state, why=why),
    )
