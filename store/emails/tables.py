"""Where SmartPlans, who is on them, and timelines are kept. Instants are microseconds since 1970 in UTC; days
are ISO text, local to the account's time zone."""

from __future__ import annotations

from collections.abc import Sequence

from peewee import AutoField, BigIntegerField, CompositeKey, ForeignKeyField, IntegerField, TextField

from store.database import Table


class SmartPlan(Table):
    """A SmartPlan of an account."""

    id = AutoField()
    account_id = IntegerField(index=True)
    name = TextField()
    at = BigIntegerField()


class Step(Table):
    """One of its emails. position: counted from 1; days: after the start."""

    plan = ForeignKeyField(SmartPlan, index=False)
    position = IntegerField()
    days = IntegerField()
    subject = TextField()
    body = TextField()

    class Meta:
        primary_key = CompositeKey("plan", "position")


class Enrolment(Table):
    """A contact is on a SmartPlan. position: of the next step; next_on: when that is due, NULL after the
    last."""

    id = AutoField()
    plan = ForeignKeyField(SmartPlan, index=False)
    account_id = IntegerField()
    contact_id = IntegerField()
    started_on = TextField()
    position = IntegerField()
    next_on = TextField(null=True)

    class Meta:
        indexes = [(("plan", "contact_id"), True), (("account_id", "next_on"), False)]


class Timeline(Table):
    """An email that was due to a contact, each step once. at: when, by the account's clock; hold_id: of what
    is held for it, NULL where nothing is; taken_at: since when it is being handed over, or was last, by the
    real clock. The contact may be gone."""

    id = AutoField()
    account_id = IntegerField()
    contact_id = IntegerField()
    plan = ForeignKeyField(SmartPlan, index=False)
    position = IntegerField()
    at = BigIntegerField()
    subject = TextField()
    status = TextField()
    reason = TextField()
    hold_id = IntegerField(null=True)
    taken_at = BigIntegerField()

    class Meta:
        indexes = [
            (("plan", "position", "contact_id"), True),
            (("contact_id", "id"), False),
            (("account_id", "status"), False),
        ]


TABLES: Sequence[type[Table]] = [SmartPlan, Step, Enrolment, Timeline]
