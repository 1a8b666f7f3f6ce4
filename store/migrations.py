"""What turns a database of an older Textmeter into one of the next version: in SQLite's words for version 1,
which no other engine ever had, and from then on in words that all engines know. Tables that the next version
adds are made after these statements, like those of a new database, and filled after that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """A statement, and the values of its marks. engine: for this one alone, "" for all. table: only where
    there is one of this name: what a version added isn't there yet on the way from an older one."""

    statement: str
    values: Sequence[object] = ()
    engine: str = ""
    table: str = ""


# Three products: plans that change, periods that may be empty, orders that are paid, use by kind.
_FROM_1 = """
    ALTER TABLE account DROP COLUMN owner;
    ALTER TABLE account ADD COLUMN pending_billing TEXT;
    ALTER TABLE account ADD COLUMN billed_from TEXT NOT NULL DEFAULT '';
    ALTER TABLE account ADD COLUMN billed_until TEXT NOT NULL DEFAULT '';
    ALTER TABLE account ADD COLUMN owing INTEGER NOT NULL DEFAULT 0;
    UPDATE account SET (billed_from, billed_until) = (
        SELECT starts, ends FROM period WHERE account_id = account.id AND "index" = period_index
    );

    ALTER TABLE lot ADD COLUMN period_index INTEGER;
    UPDATE lot SET period_index = CAST(SUBSTR(grant_key, 7) AS INTEGER) WHERE grant_key LIKE 'allot:%';

    ALTER TABLE period RENAME TO period_1;
    CREATE TABLE period (
        account_id INTEGER NOT NULL REFERENCES account (id),
        "index" INTEGER NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT NOT NULL,
        used INTEGER NOT NULL CHECK (used >= 0),
        granted INTEGER NOT NULL CHECK (granted >= 0),
        epoch INTEGER NOT NULL,
        PRIMARY KEY (account_id, "index"),
        CHECK (starts <= ends)
    );
    INSERT INTO period (account_id, "index", starts, ends, used, granted, epoch)
    SELECT account_id, "index", starts, ends, used, (
        SELECT COALESCE(SUM(granted), 0) FROM lot
        WHERE lot.account_id = period_1.account_id AND period_index = "index"
    ), epoch FROM period_1;
    DROP TABLE period_1;

    ALTER TABLE hold ADD COLUMN use TEXT NOT NULL DEFAULT 'sms';
    UPDATE hold SET use = 'reply' WHERE cause = 'reply';
    UPDATE hold SET use = 'mms' WHERE id IN (SELECT hold_id FROM blast WHERE kind = 'mms');

    CREATE TABLE use_by_day (
        account_id INTEGER NOT NULL REFERENCES account (id),
        day TEXT NOT NULL,
        use TEXT NOT NULL,
        credits INTEGER NOT NULL,
        PRIMARY KEY (account_id, day, use)
    );
    INSERT INTO use_by_day (account_id, day, use, credits)
    SELECT account_id, day, CASE cause WHEN 'reply' THEN 'reply' ELSE 'sms' END, SUM(credits)
    FROM daily_use GROUP BY 1, 2, 3;
    DROP TABLE daily_use;

    ALTER TABLE message ADD COLUMN receipt_at INTEGER;
    ALTER TABLE message ADD COLUMN lookup_at INTEGER;
    UPDATE message SET receipt_at = sent_at WHERE status = 'sent';
    UPDATE message SET lookup_at = claimed_at WHERE status = 'unknown';

    ALTER TABLE "order" ADD COLUMN from_plan TEXT NOT NULL DEFAULT '';
    ALTER TABLE "order" ADD COLUMN billing TEXT NOT NULL DEFAULT 'monthly';
    ALTER TABLE "order" ADD COLUMN charge TEXT NOT NULL DEFAULT '';
    ALTER TABLE "order" ADD COLUMN state TEXT NOT NULL DEFAULT 'paid';
    ALTER TABLE "order" ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE "order" ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "order" ADD COLUMN emailed INTEGER NOT NULL DEFAULT 1;

    UPDATE entry SET reference = '' WHERE kind = 'expired';
    CREATE INDEX entry_account_id_pool_amount_seq ON entry (account_id, pool, amount, seq);
    CREATE INDEX entry_account_id_pool_kind_amount_seq ON entry (account_id, pool, kind, amount, seq)
"""

# People with roles: who did it, and whose draft it is.
_FROM_2 = """
    ALTER TABLE entry ADD COLUMN person TEXT NOT NULL DEFAULT '';
    ALTER TABLE "order" ADD COLUMN person TEXT NOT NULL DEFAULT '';
    ALTER TABLE draft ADD COLUMN person TEXT NOT NULL DEFAULT ''
"""

# Codes in place of sentences, so that they can be put in other words: as version 3 said it. What it doesn't
# know is left as it is.
_DECLINES_OF_3 = {
    "insufficient_funds": "The card was declined: there isn't enough money behind it. Nothing was "
    "charged. Put money there or another card on file, and try again.",
    "expired_card": "The card was declined: it has expired. Nothing was charged. Put a new card on file, "
    "and try again.",
    "incorrect_cvc": "The card was declined: its security code isn't right. Nothing was charged. Put the "
    "card on file anew, and try again.",
    "authentication_required": "The bank wants the card's owner to confirm this payment, which can't be "
    "done from here. Nothing was charged. Put the card on file anew and confirm it with the bank there, "
    "or take another card, and try again.",
    "lost_card": "The card was declined: it can't be used any more. Nothing was charged. Put another card "
    "on file, and try again.",
    "processing_error": "The card could not be charged: something went wrong on the way to the bank. "
    "Nothing was charged. Try again in a while.",
    "amount_too_small": "The card can't be charged: the payment provider takes $0.50 at least. Nothing "
    "was charged. Order when more is due, or choose a larger plan.",
    "no_card": "There is no card on file. Nothing was charged. Put a card on file, and try again.",
    "card_declined": "The card was declined, and the bank doesn't say why. Nothing was charged. Ask the "
    "bank or put another card on file, and try again.",
}
_REFUSALS_OF_3 = {
    "hold-buy": "Not enough credits: this needs {needed}, {available} can be used. Nothing was sent and "
    "nothing was charged. Buy credits, shorten the text, write to fewer people, or change to a larger "
    "plan.",
    "hold-plan": "Not enough credits: this needs {needed}, {available} can be used. Nothing was sent and "
    "nothing was charged. Shorten the text, write to fewer people, or change to a larger plan.",
    "short-buy": "This needs {count} credit, with {available} left: {short} too few. Buy {buy}, send it "
    "to fewer people, or make it shorter.",
    "short-plan": "This needs {count} credit, with {available} left: {short} too few. Take a larger plan, "
    "send it to fewer people, or make it shorter.",
    "short-month": "This needs {count} credit, with {available} left: {short} too few. So many can't be "
    "bought: {room} can be this month, and {least} is the least. Take a larger plan, send it to fewer "
    "people, or make it shorter.",
    "no-texts": "This account sends emails, and nothing can be texted with it. Nothing was sent. Change "
    "to another account.",
    "too-long": "The text is {count} character too long: {most} fit. Shorten it, or send it in two.",
    "too-many-recipients": "One text goes to {most} people at most, and these are {people}. Send it in "
    "parts.",
}
_PLURALS_OF_3 = {
    "short-buy": "This needs {count} credits, with {available} left: {short} too few. Buy {buy}, send it "
    "to fewer people, or make it shorter.",
    "short-plan": "This needs {count} credits, with {available} left: {short} too few. Take a larger "
    "plan, send it to fewer people, or make it shorter.",
    "short-month": "This needs {count} credits, with {available} left: {short} too few. So many can't be "
    "bought: {room} can be this month, and {least} is the least. Take a larger plan, send it to fewer "
    "people, or make it shorter.",
    "too-long": "The text is {count} characters too long: {most} fit. Shorten it, or send it in two.",
}


def _from_3() -> Iterator[Step]:
    for code, template in _DECLINES_OF_3.items():
        yield Step('UPDATE "order" SET reason = ? WHERE reason = ?', (code, json.dumps([template, {}, ""])))
    for code, template in _REFUSALS_OF_3.items():
        begins, plural = f'"says": [{json.dumps(template)}, ', json.dumps(_PLURALS_OF_3.get(code, ""))
        yield Step(
            "UPDATE operation SET result = REPLACE(REPLACE(result, ?, ?), ?, '}]}') WHERE result LIKE ?",
            (begins, f'"says": ["{code}", ', f"}}, {plural}]}}", f"%{begins}%"),
        )


# A renewal that isn't paid brings its credits when it is; what was granted before stays, paid or not. A text
# is charged as it was when it was sent, in parts where it is long; what is used is used on the day of its
# line; a smaller plan takes of what comes back; notices with their numbers, receipts with an address.
# Drafts belong to accounts: those there are to the one that sent the first text, else to the first one.
_FROM_4 = """
    ALTER TABLE account ADD COLUMN owed INTEGER NOT NULL DEFAULT 0 CHECK (owed >= 0);
    ALTER TABLE account ADD COLUMN owed_since TEXT;
    ALTER TABLE account ADD COLUMN billing_address TEXT NOT NULL DEFAULT '';
    ALTER TABLE "order" ADD COLUMN billing_address TEXT NOT NULL DEFAULT '';
    ALTER TABLE period ADD COLUMN to_take INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE notice ADD COLUMN busy INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE notice ADD COLUMN capacity INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE blast ADD COLUMN charged_on TEXT NOT NULL DEFAULT 'accepted';
    ALTER TABLE message ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
    UPDATE message SET claimed_at = COALESCE(claimed_at, sent_at) WHERE status = 'sent';
    UPDATE message SET sent_at = (SELECT created_at FROM blast WHERE blast.id = blast_id)
    WHERE status = 'sent' AND blast_id IN (
        SELECT blast.id FROM blast JOIN account ON account.id = account_id WHERE demo_clock
    );
    DELETE FROM use_by_day;
    INSERT INTO use_by_day (account_id, day, use, credits)
    SELECT entry.account_id, day, COALESCE(use, 'sms'), SUM(-delta) FROM entry LEFT JOIN (
        SELECT account_id, cause, reference, CASE reference WHEN '' THEN at ELSE 0 END AS made,
            MAX(use) AS use
        FROM hold GROUP BY 1, 2, 3, 4
    ) AS held ON held.account_id = entry.account_id AND held.cause = entry.cause
        AND held.reference = entry.reference
        AND held.made = CASE entry.reference WHEN '' THEN entry.at ELSE 0 END
    WHERE kind IN ('used', 'released') GROUP BY 1, 2, 3;
    ALTER TABLE draft ADD COLUMN account_id INTEGER;
    ALTER TABLE draft ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE draft ADD COLUMN ended TEXT NOT NULL DEFAULT '';
    UPDATE draft SET account_id = COALESCE(
        (SELECT account_id FROM blast ORDER BY id LIMIT 1), (SELECT MIN(id) FROM account)
    )
"""

# Contacts have more than one number and address, fields of their own, and changes that can be undone; two may
# have one number. Who may be texted is kept by number, in tables of its own.
_FROM_5 = """
    DROP INDEX contact_sort_key_id;
    DROP INDEX contact_phone;
    ALTER TABLE contact ADD COLUMN phone_kind TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN phone_label TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN emails TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN fields TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN address TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN note TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN language TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN zone TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN household TEXT NOT NULL DEFAULT '';
    ALTER TABLE contact ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE contact ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE blast ADD COLUMN sender TEXT NOT NULL DEFAULT '';
    ALTER TABLE blast ADD COLUMN notice BOOLEAN NOT NULL DEFAULT FALSE;
    ALTER TABLE message ADD COLUMN settle_at BIGINT;
    ALTER TABLE message ADD COLUMN price BIGINT;
    ALTER TABLE message ADD COLUMN currency TEXT;
    ALTER TABLE blast ADD COLUMN person TEXT NOT NULL DEFAULT ''
"""

# Steps have numbers of their own, emails belong to steps or campaigns.
_PLANS_FROM_5 = """
    ALTER TABLE smart_plan ADD COLUMN paused_on TEXT NOT NULL DEFAULT '';
    ALTER TABLE smart_plan ADD COLUMN group_name TEXT NOT NULL DEFAULT '';
    ALTER TABLE smart_plan ADD COLUMN then_plan INTEGER;
    ALTER TABLE smart_plan ADD COLUMN texts_account INTEGER;
    ALTER TABLE step RENAME TO step_5;
    ALTER TABLE enrolment RENAME TO enrolment_5;
    DROP INDEX enrolment_plan_id_contact_id;
    DROP INDEX enrolment_account_id_next_on;
    ALTER TABLE timeline RENAME TO timeline_5
"""

# What was due on a day is due at its noon in UTC: that is the same day almost everywhere, and when it begins
# where an account is no statement knows.
_NOON = (
    "(1461 * (y + 4800 + (m - 14) / 12) / 4 + 367 * (m - 2 - 12 * ((m - 14) / 12)) / 12 "
    "- 3 * ((y + 4900 + (m - 14) / 12) / 100) / 4 + d - 32075 - 2440588) * 86400000000 + 43200000000"
)
_FILL_6 = f"""
    INSERT INTO step (plan_id, place, kind, days, hour, subject, body)
    SELECT plan_id, position - 1, 'email', days, '', subject, body FROM step_5 ORDER BY plan_id, position;
    INSERT INTO enrolment (id, plan_id, account_id, contact_id, run, started_at, started_on, shift, step_id,
        next_at, state)
    SELECT id, plan_id, account_id, contact_id, 1,
        (SELECT at FROM smart_plan WHERE smart_plan.id = old.plan_id), started_on, 0,
        CASE WHEN next_on IS NULL THEN NULL ELSE
            (SELECT step.id FROM step WHERE step.plan_id = old.plan_id AND place = position - 1) END,
        CASE WHEN next_on IS NULL THEN NULL ELSE {_NOON} END,
        CASE WHEN next_on IS NULL THEN 'done' ELSE 'going' END
    FROM (
        SELECT enrolment_5.*, CAST(SUBSTR(next_on, 1, 4) AS BIGINT) AS y,
            CAST(SUBSTR(next_on, 6, 2) AS BIGINT) AS m, CAST(SUBSTR(next_on, 9, 2) AS BIGINT) AS d
        FROM enrolment_5
    ) AS old;
    INSERT INTO email (id, account_id, enrolment_id, step_id, contact_id, address, name, merge, subject, at,
        status, reason, hold_id, taken_at, sent_at)
    SELECT old.id, old.account_id,
        (SELECT id FROM enrolment WHERE enrolment.plan_id = old.plan_id
            AND enrolment.contact_id = old.contact_id),
        (SELECT id FROM step WHERE step.plan_id = old.plan_id AND place = position - 1),
        old.contact_id, COALESCE((SELECT email FROM contact WHERE contact.id = old.contact_id), ''), '', '',
        subject, at, status, reason, hold_id, taken_at, CASE status WHEN 'sent' THEN at END
    FROM timeline_5 AS old;
    DROP TABLE timeline_5;
    DROP TABLE enrolment_5;
    DROP TABLE step_5
"""

# What a text is for, what is below it for whom it is the first, and when it leaves.
_FROM_6 = """
    ALTER TABLE blast ADD COLUMN purpose TEXT NOT NULL DEFAULT 'conversation';
    ALTER TABLE blast ADD COLUMN why TEXT NOT NULL DEFAULT '';
    ALTER TABLE blast ADD COLUMN scheduled BOOLEAN NOT NULL DEFAULT FALSE;
    UPDATE blast SET purpose = 'notice' WHERE recipients > 1;
    ALTER TABLE message ADD COLUMN line TEXT NOT NULL DEFAULT '';
    ALTER TABLE message ADD COLUMN closes_at BIGINT
"""

_CAMPAIGNS_FROM_6 = """
    ALTER TABLE campaign ADD COLUMN purpose TEXT NOT NULL DEFAULT 'notice';
    ALTER TABLE campaign ADD COLUMN why TEXT NOT NULL DEFAULT '';
    ALTER TABLE campaign ADD COLUMN blast_id INTEGER;
    UPDATE campaign SET purpose = 'conversation' WHERE recipients = 1
"""
_PURPOSE_OF_PLANS = "ALTER TABLE smart_plan ADD COLUMN purpose TEXT NOT NULL DEFAULT 'marketing'"

UPGRADES: Mapping[int, list[Step]] = {
    1: [Step(statement) for statement in _FROM_1.split(";")],
    2: [Step(statement) for statement in _FROM_2.split(";")],
    3: list(_from_3()),
    4: [Step(statement) for statement in _FROM_4.split(";")],
    5: [
        *(Step(statement) for statement in _FROM_5.split(";")),
        *(Step(statement, table="smart_plan") for statement in _PLANS_FROM_5.split(";")),
    ],
    6: [
        *(Step(statement) for statement in _FROM_6.split(";")),
        *(Step(statement, table="campaign") for statement in _CAMPAIGNS_FROM_6.split(";")),
        Step(_PURPOSE_OF_PLANS, table="smart_plan"),
    ],
}
"""By the version that a database has: the statements that make the next one of it."""

FILLS: Mapping[int, list[Step]] = {
    5: [
        *(Step(statement, table="step_5") for statement in _FILL_6.split(";")),
        *(
            Step(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))",
                engine="PostgreSQL",
            )
            for table in ("enrolment", "email")
        ),
    ]
}
"""Likewise, once the next version's tables are there."""
