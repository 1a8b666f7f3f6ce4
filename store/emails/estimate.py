"""What an email will take of the month's, and what is wrong with it. Pure, and cheap enough to be made at
every key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from store.credits import quote_text as explained
from store.credits.catalog import Product
from store.emails.attachments import NO_FILES, Files
from store.emails.audience import MOST_RECIPIENTS, EmailAudience
from store.emails.model import COUNTS, EmailEstimate
from store.mail import mailchimp
from store.messages.estimate import Funds, account_problems, field_problems, newly_crossed
from store.messages.model import Draft, Problem
from store.refusals import refusal
from store.sentences import Sentence, sentence, sentences
from store.texts import merge

MOST_CHARACTERS = 200_000
"""Of an email's words, with whatever its fields take."""
MOST_OF_A_SUBJECT = 250


def estimate(
    draft: Draft,
    audience: EmailAudience,
    product: Product,
    funds: Funds,
    files: Files = NO_FILES,
    *,
    service: str = COUNTS,
    later: date | None = None,
) -> EmailEstimate:
    """What an email takes, out of an account's funds, and everything that is wrong with it. later: the
    renewal's day, where it leaves after that: then nothing is held of what there is now."""
    subject, body = merge.parse(draft.subject, audience.fields), merge.parse(draft.body, audience.fields)
    both = merge.parse(f"{draft.subject}\n{draft.body}", audience.fields)
    recipients = len(audience.recipients)
    sends = recipients if service == COUNTS and later is None else 0
    crosses = newly_crossed(sends, product, funds)
    warnings = (
        *_word_problems(draft, audience, subject, body),
        *field_problems(f"{draft.subject}\n{draft.body}", both, audience.fields, audience.missing(both)),
        *files.problems,
        *(_service_problems(both, files) if service != COUNTS else ()),
    )
    problems = (
        *_product_problems(product),
        *warnings,
        *_people_problems(audience),
        *_credit_problems(sends, funds, crosses),
        *_later_problems(recipients, service, later),
        *account_problems(product, funds.account),
    )
    return EmailEstimate(
        recipients=recipients,
        sends=sends,
        left=funds.available,
        available_after=funds.available - sends,
        later=later,
        crosses=crosses,
        size=_size(draft, files),
        problems=problems,
        warnings=warnings,
        refused=audience.refused,
        left_out=(*audience.left_out, *audience.twice),
        purpose=audience.purpose,
    )


def _size(draft: Draft, files: Files) -> int:
    """Bytes: the words twice, as text and as a page, and files as mail carries them."""
    return 2 * len(draft.body.encode("utf-8", "replace")) + files.size * 4 // 3


def _product_problems(product: Product) -> Iterator[Problem]:
    if product.sends != "emails":
        yield _blocking("no-emails", refusal("no-emails"))


def _word_problems(
    draft: Draft, audience: EmailAudience, subject: merge.Template, body: merge.Template
) -> Iterator[Problem]:
    if not draft.subject.strip():
        yield _blocking("empty-subject", sentence("There is no subject yet. Write one."))
    elif nobody := audience.nothing_left(subject):
        says = sentences(
            "With its fields filled in, the subject is empty for {count} person. Write more than fields.",
            "With its fields filled in, the subject is empty for {count} people. Write more than fields.",
            nobody,
        )
        yield _blocking("empty-subject", says)
    if not draft.body.strip():
        yield _blocking("empty-text", sentence("There is no text yet. Write something."))
    elif nobody := audience.nothing_left(body):
        says = sentences(
            "With its fields filled in, the text is empty for {count} person. Write more than fields.",
            "With its fields filled in, the text is empty for {count} people. Write more than fields.",
            nobody,
        )
        yield _blocking("empty-text", says)
    if (over := len(draft.subject) - MOST_OF_A_SUBJECT) > 0:
        says = sentences(
            "The subject is {count} character too long: the limit is {most}.",
            "The subject is {count} characters too long: the limit is {most}.",
            over,
            most=MOST_OF_A_SUBJECT,
        )
        yield _blocking("too-long", says)
    if (over := len(draft.body) - MOST_CHARACTERS) > 0:
        yield _blocking("too-long", refusal("too-long", count=over, most=MOST_CHARACTERS))


def _service_problems(template: merge.Template, files: Files) -> Iterator[Problem]:
    """What Mailchimp doesn't carry."""
    if lacks := [name for name in template.fields if name not in (*mailchimp.TAGS, "name")]:
        says = sentence(
            "Mailchimp doesn't know {field}. Remove it, or use your own server.",
            field=merge.field(lacks[0]),
        )
        yield _blocking("mailchimp-field", says)
    if files.size:
        says = sentence("Mailchimp doesn't support attachments. Remove them, or use your own server.")
        yield _blocking("mailchimp-files", says)


def _people_problems(audience: EmailAudience) -> Iterator[Problem]:
    people = len(audience.recipients)
    # What stops it first: a filter that can't be followed may be why there is nobody.
    yield from (note for note in audience.notes if note.blocking)
    if not people:
        says = sentence("There is nobody to send this to yet. Add an address or a contact.")
        for one in (*audience.refused, *audience.left_out)[:1]:
            says = sentence("Nobody gets this. {to}: {reason}", to=one.to, reason=one.reason)
        yield _blocking("no-recipients", says)
    if people > MOST_RECIPIENTS:
        says = refusal("too-many-addresses", most=MOST_RECIPIENTS, people=people)
        yield _blocking("too-many-recipients", says)
    if audience.refused:
        says = sentences(
            "{count} can't be reached and is left out.",
            "{count} can't be reached and are left out.",
            len(audience.refused),
        )
        yield _warning("left-out", says)
    if opted_out := sum(one.code == "opted-out" for one in audience.left_out):
        says = sentences(
            "{count} opted out and gets nothing.", "{count} opted out and get nothing.", opted_out
        )
        yield _warning("opted-out", says)
    if bounced := sum(one.code == "bounced" for one in audience.left_out):
        says = sentences(
            "Earlier emails to {count} address bounced, so it gets nothing.",
            "Earlier emails to {count} addresses bounced, so they get nothing.",
            bounced,
        )
        yield _warning("bounced", says)
    yield from (note for note in audience.notes if not note.blocking)


def _credit_problems(sends: int, funds: Funds, crosses: int) -> Iterator[Problem]:
    if sends > funds.available:
        short = sends - funds.available
        says = refusal("short-emails", count=sends, available=funds.available, short=short)
        yield _blocking("not-enough-credits", says)
    if crosses:
        busy = funds.used + funds.held + sends
        yield _warning("crosses-threshold", explained.crosses(busy, funds.available - sends))


def _later_problems(recipients: int, service: str, later: date | None) -> Iterator[Problem]:
    if later is not None and service == COUNTS and recipients:
        says = sentences(
            "This goes out after the renewal on {day}, so its {count} email counts toward that "
            "month. If none is left then, it fails.",
            "This goes out after the renewal on {day}, so its {count} emails count toward that "
            "month. If too few are left then, the rest fail.",
            recipients,
            day=later,
        )
        yield _warning("after-renewal", says)


def _blocking(code: str, says: Sentence) -> Problem:
    return Problem(code, says, blocking=True)


def _warning(code: str, says: Sentence) -> Problem:
    return Problem(code, says, blocking=False)
