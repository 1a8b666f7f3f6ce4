"""What a mail says, in a language: notices and receipts. Plain text, a sentence a line."""

from __future__ import annotations

from store.credits.catalog import Product
from store.credits.model import Balance, Notice, Order
from store.credits.quote_text import amount
from store.mailroom import Text
from store.sentences import sentence
from tui.billing.presentation import coming_words, plan_words
from tui.billing.receipts import order_words, receipt_text
from tui.i18n.language import Language
from tui.notices.presentation import cause_of, used_so_far


def text(language: Language, balance: Balance, product: Product, about: Notice | Order) -> Text:
    """What to tell an account's owner by email."""
    if isinstance(about, Notice):
        return _notice(language, balance, product, about)
    return _receipt(language, balance, product, about)


def _notice(language: Language, balance: Balance, product: Product, notice: Notice) -> Text:
    say, account = language.say, balance.account
    used = used_so_far(language, product, notice.permille)
    more = (
        sentence("Credits can be bought in the app or by `textmeter buy`.")
        if product.purchases
        else sentence("Larger plans are among Plans in the app, and told by `textmeter plan list`.")
    )
    lines = [
        say(sentence("{used}. Left now: {left}.", used=used, left=amount(product, balance.available))),
        say(
            sentence(
                "{cause}: {when}.",
                cause=cause_of(notice),
                when=language.date_and_time(notice.at, account.timezone),
            )
        ),
        say(coming_words(product, account, balance.period)),
        say(sentence("When nothing is left, nothing can be sent.")),
        say(more),
        "",
        say(
            sentence(
                "Account {account}: {product}, {plan}",
                account=account.id,
                product=language.gettext(product.name),
                plan=plan_words(product, product.plan(account.plan)),
            )
        ),
    ]
    return Text(say(sentence("Textmeter: {what}", what=used)), "\n".join(lines) + "\n")


def _receipt(language: Language, balance: Balance, product: Product, order: Order) -> Text:
    what = order_words(product, order)
    subject = sentence("Textmeter receipt {order}: {what}", order=order.number, what=what)
    return Text(language.say(subject), receipt_text(language, product, order, balance.account.timezone))
