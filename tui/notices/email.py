"""What a mail says, in a language: notices and receipts. Plain text, a sentence a line."""

from __future__ import annotations

from store.credits.catalog import Product
from store.credits.model import Account, Balance, Change, Notice, Order
from store.credits.notices import UNPAID_CAUSE
from store.credits.quote_text import amount, not_paid
from store.mailroom import About, Replies, Text
from store.sentences import Key, Money, Sentence, sentence, sentences
from store.texts import phones
from tui.billing.presentation import coming_words, plan_words
from tui.billing.receipts import order_words, receipt_text
from tui.i18n.language import Language
from tui.i18n.sanitize import plain
from tui.notices.presentation import cause_of, reached_words

MOST_QUOTED = 1_600
"""Characters of a reply that a mail quotes."""
PENDING = (Change.DOWNGRADE, Change.CANCEL, Change.BILLING)
"""What may be ordered for a renewal to come."""


def text(language: Language, balance: Balance, product: Product, about: About) -> Text:
    """What to tell an account's owner by email."""
    if isinstance(about, Replies):
        return _replies(language, balance, product, about)
    if isinstance(about, Notice) and about.cause == UNPAID_CAUSE:
        return _unpaid(language, balance, product)
    if isinstance(about, Notice):
        return _notice(language, balance, product, about)
    return _receipt(language, balance, product, about)


def _notice(language: Language, balance: Balance, product: Product, notice: Notice) -> Text:
    say, account = language.say, balance.account
    used = reached_words(language, notice)
    more = (
        sentence("Buy credits in the app or with `textmeter buy`.")
        if product.purchases
        else sentence("See larger plans under Plans in the app or with `textmeter plan list`.")
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
        say(sentence("When nothing is left, you can't send.")),
        say(more),
        "",
        say(_account(language, product, account)),
    ]
    return Text(say(sentence("Textmeter: {what}", what=used)), "\n".join(lines) + "\n")


def _unpaid(language: Language, balance: Balance, product: Product) -> Text:
    say, account = language.say, balance.account
    lines = [
        say(not_paid(product, account)),
        say(sentence("The card was declined. It will be charged again after 1, 3, 5 and 7 days.")),
        say(
            sentence(
                "To pay now, press {key} on Home, or run `textmeter orders pay`.",
                key=Key("home.pay", "dollar_sign"),
            )
        ),
        say(sentence("Left now: {left}.", left=amount(product, balance.available))),
        "",
        say(_account(language, product, account)),
    ]
    subject = sentence("Textmeter: card declined, {owed} owed", owed=Money(account.owed))
    return Text(say(subject), "\n".join(lines) + "\n")


def _replies(language: Language, balance: Balance, product: Product, replies: Replies) -> Text:
    say, account = language.say, balance.account
    lines = []
    for one in replies.said:
        number = plain(phones.shown(one.phone, account.country))
        name = plain(one.name)
        who = f"{name}, {number}" if name else number
        lines.append(f"{who} · {language.date_and_time(one.at, account.timezone)}")
        if one.text:
            lines.append(plain(one.text, lines=True)[:MOST_QUOTED])
        if one.pictures:
            lines.append(say(sentences("{count} picture", "{count} pictures", one.pictures)))
        lines.append("")
    lines.append(say(sentence("To reply, open the inbox in the app or run `textmeter reply`.")))
    lines += ["", say(_account(language, product, account))]
    names = dict.fromkeys(one.name or phones.shown(one.phone, account.country) for one in replies.said)
    if len(names) == 1:
        subject = sentence("Textmeter: reply from {name}", name=" ".join(plain(next(iter(names))).split()))
    else:
        subject = sentences(
            "Textmeter: reply from {count} person", "Textmeter: replies from {count} people", len(names)
        )
    return Text(say(subject), "\n".join(lines) + "\n")


def _account(language: Language, product: Product, account: Account) -> Sentence:
    return sentence(
        "Account {account}: {product}, {plan}",
        account=account.id,
        product=language.gettext(product.name),
        plan=plan_words(product, product.plan(account.plan)),
    )


def _receipt(language: Language, balance: Balance, product: Product, order: Order) -> Text:
    what = order_words(product, order)
    subject = sentence("Textmeter receipt {order}: {what}", order=order.number, what=what)
    account = balance.account
    lines = [receipt_text(language, product, order, account.timezone)]
    if order.cause in PENDING and (account.pending_plan or account.pending_billing):
        lines.append(language.say(coming_words(product, account, balance.period)) + "\n")
    return Text(language.say(subject), "\n".join(lines))
