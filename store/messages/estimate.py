"""What a text will cost, and what is wrong with it. Pure, and cheap enough to be made at every key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from store.credits import purchases
from store.credits import quote_text as explained
from store.credits.catalog import Product
from store.credits.model import Account, Balance, PurchaseRoom
from store.credits.notices import reached
from store.messages import content
from store.messages.audience import MOST_RECIPIENTS, Audience
from store.messages.media import NO_ATTACHMENTS, Attachments
from store.messages.model import Estimate, MessageKind, Problem, RateLine
from store.messages.pace import Allowance
from store.messages.sizes import MOST_CHARACTERS, Sizes, sizes_of
from store.refusals import refusal
from store.sentences import Region, Sentence, Value, sentence, sentences
from store.texts import merge
from store.texts.alphabet import normalise
from store.texts.merge import Template
from store.texts.near_misses import near_misses
from store.texts.parts import MOST_CHARACTERS as MOST_OF_A_MESSAGE

SOON = 60
"""Seconds in which all texts leave without a word about it."""

NO_LIMITS = Allowance()

# What takes some 5 ms: recipients that are grouped, and characters that are rendered and counted.
_GROUPED_AT_ONCE = 20_000
_COUNTED_AT_ONCE = 150_000


@dataclass(frozen=True, slots=True)
class Funds:
    """The numbers of an account that an estimate needs: credits, the thresholds (percent) that were told, and
    how many credits may be bought, None where the product sells none. account: whose they are, where that may
    owe something. sender: what the one that carries its texts may still send. names: by which people know who
    writes, where that was said. shorteners: domains of link shorteners that the user's catalog adds."""

    allotted: int
    purchased: int
    used: int
    held: int
    told: frozenset[int] = frozenset()
    room: PurchaseRoom | None = None
    account: Account | None = None
    sender: Allowance = NO_LIMITS
    names: tuple[str, ...] = ()
    shorteners: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        balance: Balance,
        told: frozenset[int],
        room: PurchaseRoom | None,
        sender: Allowance,
        names: tuple[str, ...],
        shorteners: frozenset[str] = frozenset(),
    ) -> Funds:
        numbers = balance.allotted, balance.purchased, balance.used, balance.held
        return cls(*numbers, told, room, balance.account, sender, names, shorteners)

    @property
    def available(self) -> int:
        return self.allotted + self.purchased


def is_instant(body: str, audience: Audience) -> bool:
    """Whether an estimate takes a few milliseconds at most; otherwise a screen should make it in a thread."""
    fields = merge.parse(body, audience.fields).fields
    if not audience.is_grouped(fields, body) and len(audience.recipients) > _GROUPED_AT_ONCE:
        return False
    return len(body) * len(audience.variants(fields, body)) <= _COUNTED_AT_ONCE


def estimate(
    body: str, audience: Audience, product: Product, funds: Funds, attachments: Attachments = NO_ATTACHMENTS
) -> Estimate:
    """The cost of a text to an audience, out of an account's funds, and everything that is wrong with it.

    The body's merge fields are filled in for each recipient, since a longer name may take another segment. An
    MMS is one unit. What is too long for one message is several, each with its own price, the first of them
    with the pictures (rules, 1).
    """
    template = merge.parse(body, audience.fields)
    mms = attachments.count > 0
    sizes = sizes_of(template, body, audience, mms, line_free=product.first_line_free)
    by_rate = _by_rate(sizes, product, mms)
    credits = sum(line.credits for line in by_rate)
    from_allotted = min(credits, funds.allotted)
    crosses = newly_crossed(credits, product, funds)
    buy = _least_to_buy(credits - funds.available, funds.room)
    warnings = (
        *_text_problems(body, template, sizes, mms),
        *field_problems(body, template, audience.fields, sizes.missing),
        *_several_messages(sizes, mms),
        *attachments.problems,
    )
    problems = (
        *_product_problems(product),
        *warnings,
        *_link_problems(sizes, product, mms),
        *_people_problems(audience, sizes),
        *_first_line_notes(audience.line_below(body), sizes.firsts, body, product),
        *_credit_problems(credits, funds, crosses, buy),
        *account_problems(product, funds.account),
        *_sender_problems(sizes.messages, funds.sender),
        *content.advice(normalise(body), template, len(audience.recipients), funds.names, funds.shorteners),
    )
    return Estimate(
        kind=MessageKind.MMS if mms else MessageKind.SMS,
        recipients=len(audience.recipients),
        segments_min=min(sizes.per_message, default=0),
        segments_max=max(sizes.per_message, default=0),
        segments_total=sizes.segments.total(),
        messages=sizes.messages,
        messages_max=sizes.messages_max,
        credits=credits,
        by_rate=by_rate,
        from_allotted=from_allotted,
        from_purchased=min(credits - from_allotted, funds.purchased),
        available_before=funds.available,
        available_after=funds.available - credits,
        buy=buy,
        crosses=crosses,
        problems=problems,
        warnings=warnings,
        refused=audience.refused,
        left_out=(*audience.left_out, *audience.twice),
        purpose=audience.purpose,
    )


def _by_rate(sizes: Sizes, product: Product, mms: bool) -> tuple[RateLine, ...]:
    if product.sends != "texts":
        return ()
    lines = []
    for region, recipients in sizes.recipients.items():
        rate = product.rate(region, mms=mms)
        domestic = product.is_domestic(region)
        after = sizes.after_pictures[region]
        credits = rate * (sizes.segments[region] - after)
        if after:
            credits += product.rate(region) * after
        lines.append(RateLine(region, domestic, recipients, rate, credits))
    return tuple(sorted(lines, key=lambda line: (-line.recipients, line.region)))


def newly_crossed(credits: int, product: Product, funds: Funds) -> int:
    """The highest threshold that this would newly reach, or 0."""
    if not 0 < credits <= funds.available:
        return 0
    busy = funds.used + funds.held
    before = funds.told.union(reached(product.thresholds, busy, funds.available))
    after = reached(product.thresholds, busy + credits, funds.available - credits)
    return max(set(after) - before, default=0)


def _least_to_buy(short: int, room: PurchaseRoom | None) -> int:
    """How many credits make up for so many too few; 0 where none do."""
    if short <= 0 or room is None:
        return 0
    credits = max(short, room.least)
    return 0 if purchases.refusal(room, credits) else credits


def _product_problems(product: Product) -> Iterator[Problem]:
    if product.sends != "texts":
        yield _blocking("no-texts", refusal("no-texts"))


def _text_problems(body: str, template: Template, sizes: Sizes, mms: bool) -> Iterator[Problem]:
    if not body.strip() and not mms:
        yield _blocking("empty-text", sentence("The text is empty. Write something, or attach a picture."))
    elif sizes.nothing_left and not mms:
        says = sentences(
            "With its fields filled in, the text is empty for {count} person. Write more than fields.",
            "With its fields filled in, the text is empty for {count} people. Write more than fields.",
            sizes.nothing_left,
        )
        yield _blocking("empty-text", says)
    over = (sizes.longest or len(normalise(template.render({})))) - MOST_CHARACTERS
    if over > 0:
        yield _blocking("too-long", refusal("too-long", count=over, most=MOST_CHARACTERS))


def field_problems(
    body: str, template: Template, fields: Sequence[str], missing: Mapping[str, int]
) -> Iterator[Problem]:
    """What isn't a field and was meant as one, and fields that some people lack. fields: the names of all
    that there are; missing: how many people lack one."""
    meant: dict[tuple[str, str], bool] = {}
    nearly: set[int] = set()
    for at, written, field, sure in near_misses(normalise(body), fields):
        meant[written, field] = sure
        nearly.update(range(at, at + len(written)))
    for (written, field), sure in meant.items():
        if sure:
            says = sentence("{written} won't be filled in. Write {field}.", written=written, field=field)
        else:
            says = sentence(
                "{written} goes out as it is. If you mean the field, write {field}.",
                written=written,
                field=field,
            )
        yield Problem("near-miss", says, blocking=sure)
    unknown = dict.fromkeys(field.name for field in template.unknown if field.at not in nearly)
    for name in unknown:
        says = sentence(
            "There is no field {field}. The fields are {fields}.",
            field=merge.field(name),
            fields=", ".join(map(merge.field, fields)),
        )
        yield _blocking("unknown-field", says)
    for field, count in missing.items():
        says = sentences(
            "{count} person has no {{{field}}}, so the text leaves a gap there. "
            "{{{field}|there}} fills it with “there”.",
            "{count} people have no {{{field}}}, so the text leaves a gap there. "
            "{{{field}|there}} fills it with “there”.",
            count,
            field=field,
        )
        yield _warning("missing-values", says)


def _several_messages(sizes: Sizes, mms: bool) -> Iterator[Problem]:
    if not sizes.messages_max > 1 or sizes.longest > MOST_CHARACTERS:
        return
    values = {"count": sizes.messages_max, "most": MOST_OF_A_MESSAGE}
    if mms:
        says = sentence(
            "A message holds up to {most} characters, so this goes out as {count} messages, each "
            "with its own price: the first with the pictures, the others as SMS.",
            **values,
        )
    else:
        says = sentence(
            "A message holds up to {most} characters, so this goes out as {count} messages, each "
            "with its own price.",
            **values,
        )
    yield _warning("several-messages", says)


def _link_problems(sizes: Sizes, product: Product, mms: bool) -> Iterator[Problem]:
    if not mms or product.mms_regions is None:
        return
    abroad = sizes.recipients.keys() - product.mms_regions
    if elsewhere := {region: sizes.recipients[region] for region in abroad}:
        says = sentences(
            "{count} person gets a link instead of the pictures: MMS doesn't reach {region}.",
            "{count} people get a link instead of the pictures: MMS doesn't reach {region}.",
            sum(elsewhere.values()),
            region=_countries(elsewhere),
        )
        yield _warning("mms-as-link", says)


def _countries(people: Mapping[str, int]) -> Value:
    """Those where most people are, one or two by name."""
    first, *others = map(Region, sorted(people, key=lambda region: (-people[region], region)))
    if not others:
        return first
    if len(others) == 1:
        return sentence("{region} and {other}", region=first, other=others[0])
    return sentence("{region} and {count} other countries", region=first, count=len(others))


def _people_problems(audience: Audience, sizes: Sizes) -> Iterator[Problem]:
    people = len(audience.recipients)
    # What stops it first: a filter that can't be followed may be why there is nobody.
    yield from (note for note in audience.notes if note.blocking)
    if not people and audience.left_out:
        says = sentences(
            "Nobody gets this: {count} person is left out. {why}",
            "Nobody gets this: all {count} people are left out. The first: {why}",
            len(audience.left_out),
            why=audience.left_out[0].reason,
        )
        yield _blocking("no-recipients", says)
    elif not people:
        yield _blocking(
            "no-recipients", sentence("There is nobody to send this to yet. Add a number or a contact.")
        )
    if people > MOST_RECIPIENTS:
        says = refusal("too-many-recipients", most=MOST_RECIPIENTS, people=people)
        yield _blocking("too-many-recipients", says)
    if audience.refused:
        says = sentences(
            "{count} can't be reached and is left out.",
            "{count} can't be reached and are left out.",
            len(audience.refused),
        )
        yield _warning("left-out", says)
    opted_out = sum(one.code == "opted-out" for one in audience.left_out)
    if opted_out:
        says = sentences(
            "{count} opted out and gets nothing.", "{count} opted out and get nothing.", opted_out
        )
        yield _warning("opted-out", says)
    yield from (note for note in audience.notes if not note.blocking)


def _first_line_notes(line: str, count: int, body: str, product: Product) -> Iterator[Problem]:
    """line: below the first text; count: to how many it is that."""
    if not line or not count or not body.strip():
        return
    if product.first_line_free:
        says = sentences(
            "{count} person gets this added to their first text, at no cost: {line}",
            "{count} people get this added to their first text, at no cost: {line}",
            count,
            line=line,
        )
    else:
        says = sentences(
            "{count} person gets this added to their first text: {line}",
            "{count} people get this added to their first text: {line}",
            count,
            line=line,
        )
    yield _warning("first-contact", says)


def _credit_problems(credits: int, funds: Funds, crosses: int, buy: int) -> Iterator[Problem]:
    if credits > funds.available:
        needs: dict[str, Value] = {
            "available": funds.available,
            "short": credits - funds.available,
            "buy": buy,
        }
        if buy:
            says = refusal("short-buy", count=credits, **needs)
        elif funds.room is None:
            says = refusal("short-plan", count=credits, **needs)
        else:
            room = {"room": funds.room.left, "least": funds.room.least}
            says = refusal("short-month", count=credits, **room, **needs)
        yield _blocking("not-enough-credits", says)
    if crosses:
        busy = funds.used + funds.held + credits
        yield _warning("crosses-threshold", explained.crosses(busy, funds.available - credits))


def account_problems(product: Product, account: Account | None) -> Iterator[Problem]:
    if account is not None and account.owed:
        yield _warning("renewal-unpaid", explained.not_paid(product, account))


def _sender_problems(messages: int, sender: Allowance) -> Iterator[Problem]:
    """When the last text will have left, where that isn't soon, and what today's cap doesn't let through."""
    left = sender.left_today
    if left is not None and messages > left:
        days = -(-(messages - left) // sender.per_day)
        says = sentences(
            "The sender's limit lets only {left} of {all} go out today. The last goes out tomorrow.",
            "The sender's limit lets only {left} of {all} go out today. The last goes out in {count} days.",
            days,
            left=left,
            all=messages,
        )
        yield _warning("sender-cap", says)
    elif (seconds := (messages - 1) * sender.interval // 1_000_000) >= SOON:
        says = sentences(
            "At this sender's speed, the last text goes out in about {count} minute.",
            "At this sender's speed, the last text goes out in about {count} minutes.",
            -(-seconds // 60),
        )
        yield _warning("sender-pace", says)


def _blocking(code: str, says: Sentence) -> Problem:
    return Problem(code, says, blocking=True)


def _warning(code: str, says: Sentence) -> Problem:
    return Problem(code, says, blocking=False)
