"""How texts are counted, for `LiveEstimate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.messages import media
from store.messages.audience import Audience
from store.messages.estimate import is_instant
from store.messages.media import NO_ATTACHMENTS, Attachments
from store.messages.model import Draft
from store.texts import merge
from tui.compose.draft_view import Reading, read
from tui.compose.live_estimate import Counting, LiveEstimate, Reader

if TYPE_CHECKING:
    from typing import TypeAlias

    from store import Store
    from store.credits.model import Account

    TextEstimate: TypeAlias = LiveEstimate[Audience, Attachments, Reading]


class Texts(Counting[Audience, Attachments, Reading]):
    """Texts, with pictures."""

    nobody = Audience()
    no_files = NO_ATTACHMENTS

    def audience(self, store: Store, account_id: int, draft: Draft) -> Audience:
        return store.messages.audience(account_id, draft)

    def inspect(self, paths: Sequence[str]) -> Attachments:
        return media.inspect(paths)

    def reader(self, store: Store, account: Account) -> Reader[Audience, Attachments, Reading]:
        product, funds = store.credits.product(account), store.messages.funds(account.id)
        return lambda draft, audience, place, files: read(
            draft.body, audience, place, product, funds, files, purpose_chosen=draft.purpose is not None
        )

    def groups(self, draft: Draft, audience: Audience) -> tuple[object, ...]:
        return merge.parse(draft.body, audience.fields).fields, draft.body.isascii()

    def is_instant(self, draft: Draft, audience: Audience) -> bool:
        return is_instant(draft.body, audience)
