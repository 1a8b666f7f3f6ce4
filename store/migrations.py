"""What turns a database of an older Textmeter into one of the next version: in SQLite's words for version 1,
which no other engine ever had, and from then on in words that all engines know. Tables that the next version
adds are made after these statements, like those of a new database."""

from __future__ import annotations

from collections.abc import Mapping

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

UPGRADES: Mapping[int, list[str]] = {1: _FROM_1.split(";"), 2: _FROM_2.split(";")}
"""By the version that a database has: the statements that make the next one of it."""
