"""How texts are counted, for `LiveEstimate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from store.messages import media
from store.messages.audience import Audience
from store.messages.estimate import is_instant
from store.messages.media import NO_ATTACHMENTS, Attachments
from store.messages.model import Draft
from store.texts import merge
from tui.compose.draft_view import Reading, read
from tui.compose.leaving import Timing
from tui.compose.live_estimate import Counting, LiveEstimate, Reader
from tui.compose.queries import present

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
        return store.messages.audience(account_id, draft, self.when)

    def inspect(self, paths: Sequence[str]) -> Attachments:
        return media.inspect(paths)

    def reader(self, store: Store, account: Account) -> Reader[Audience, Attachments, Reading]:
        from store.messages.scheduling import beyond_renewal

        product, funds = store.credits.product(account), store.messages.funds(account.id)
        now, renews_at = present(store, account)

        def reading(draft: Draft, audience: Audience, place: int, files: Attachments) -> Reading:
            chosen = draft.purpose is not None
            found = read(draft.body, audience, place, product, funds, files, purpose_chosen=chosen)
            timing = Timing(self.when, audience, now, renews_at, account.timezone)
            cost = beyond_renewal(found.estimate) if timing.after_renewal else found.estimate
            return replace(found, estimate=cost, timing=timing)

        return reading

    def groups(self, draft: Draft, audience: Audience) -> tuple[object, ...]:
        return merge.parse(draft.body, audience.fields).fields, draft.body.isascii()

    def is_instant(self, draft: Draft, audience: Audience) -> bool:
        return is_instant(draft.body, audience)
