"""What is asked of SmartPlans: how far they are, who is on them. Within a
connection."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from store.clock import instant, local_date, local_midnight, micros
from store.credits.model import Account
from store.database import Database  # isort: split

from peewee import JOIN, SQL, Case, Tuple, fn

from store.emails import tables
from store.emails.ending import IS_ON
from store.emails.model import TROUBLE, Going, SmartPlan, Status, Step, StepKind
from store.emails.plan_model import Next, OnPlan, PlanPage, Standing, StepStanding
from store.messages.model import Purpose
from store.people.names import fold, full_name
from store.people.tables import Contact
from store.people.task_tables import Task as _Task

_Plan, _Step, _On = tables.SmartPlan, tables.Step, tables.Enrolment
_Email, _Text = tables.Email, tables.StepText

_FAILED = tuple(status.value for status in TROUBLE)


def by_name(database: Database, account_id: int, name: str) -> int | None:
    """The id of an account's plan of a name, case and accents aside: the newest, where an older Textmeter
    made several."""
    plans = _Plan.select(_Plan.id, _Plan.name).where(_Plan.account_id == account_id)
    wanted = fold(" ".join(name.split()))
    return next(
        (row.id for row in database.fetch(plans.order_by(_Plan.id.desc())) if fold(row.name) == wanted), None
    )


def steps(database: Database, plan_id: int) -> tuple[Step, ...]:
    """A plan's steps, in their order."""
    found = _Step.select().where(_Step.plan == plan_id, _Step.place.is_null(False)).order_by(_Step.place)
    return tuple(_as_step(row) for row in database.fetch(found))


def _as_step(row: Any) -> Step:
    return Step(row.days, row.subject, row.body, StepKind(row.kind), row.hour, row.id)


def standings(database: Database, account: Account, plan_id: int | None = None) -> list[Standing]:
    """How far an account's plans are, the newest first; plan_id: this one alone."""
    mine = _Plan.account_id == account.id
    if plan_id is not None:
        mine &= _Plan.id == plan_id
    counts: defaultdict[int, dict[Status, int]] = defaultdict(dict)
    counted = _Email.select(_Step.plan, _Email.status, fn.COUNT(_Email.id).alias("number"))
    for row in database.fetch(
        counted.join(_Step).join(_Plan).where(mine).group_by(_Step.plan, _Email.status)
    ):
        counts[row.plan_id][Status(row.status)] = row.number
    failed = _Text.select(_Step.plan, fn.COUNT(_Text.id)).join(_Step).join(_Plan)
    untexted = dict(database.cursor(failed.where(mine, _Text.reason != "").group_by(_Step.plan)).fetchall())
    number = _Step.select(fn.COUNT(_Step.id)).where(_Step.plan == _Plan.id, _Step.place.is_null(False))
    is_on = Case(None, [(_On.state.in_(IS_ON), 1)], None)
    about = _Plan.select(
        *(_Plan.id, _Plan.name, _Plan.paused_on, number.alias("steps")),
        fn.COUNT(_On.id).alias("people"),
        fn.COUNT(is_on).alias("going"),
        fn.MIN(_On.next_at).alias("soonest"),
    ).join(_On, JOIN.LEFT_OUTER)
    grouped = about.where(mine).group_by(_Plan.id, _Plan.name, _Plan.paused_on).order_by(_Plan.id.desc())
    return [
        Standing(
            row.id,
            row.name,
            row.steps,
            row.people,
            row.going,
            None if row.soonest is None or row.paused_on else _next(database, account, row.id, row.soonest),
            date.fromisoformat(row.paused_on) if row.paused_on else None,
            counts.get(row.id, {}),
            untexted.get(row.id, 0),
        )
        for row in database.fetch(grouped)
    ]


def _next(database: Database, account: Account, plan_id: int, soonest: int) -> Next:
    """The step that comes soonest, and for how many it does on that day of the account's: an hour of each
    one's own day comes at many instants."""
    at = instant(soonest)
    ends = local_midnight(local_date(at, account.timezone) + timedelta(days=1), account.timezone)
    due = _On.select(_Step.place, fn.COUNT(_On.id).alias("people")).join(_Step, on=_Step.id == _On.step)
    due = due.where(_On.plan == plan_id, _On.next_at < micros(ends)).group_by(_Step.place)
    first = database.fetch(due.order_by(fn.MIN(_On.next_at), _Step.place))[0]
    return Next(at, first.place + 1, first.people)


def page(database: Database, account: Account, plan_id: int) -> PlanPage:
    """A plan of an account, whole."""
    (standing,) = standings(database, account, plan_id)
    row = database.first(_Plan.select().where(_Plan.id == plan_id))
    then = database.scalar(_Plan.select(_Plan.name).where(_Plan.id == row.then_plan)) or ""
    waiting = _On.select(_On.step, fn.COUNT(_On.id)).where(_On.plan == plan_id, _On.state.in_(IS_ON))
    waits = dict(database.cursor(waiting.group_by(_On.step)).fetchall())
    done: Counter[int] = Counter()
    failed: Counter[int] = Counter()
    open_: Counter[int] = Counter()
    emails = _Email.select(_Email.step, _Email.status, fn.COUNT(_Email.id)).join(_Step)
    for step, status, count in _rows(database, emails, plan_id, _Email.step, _Email.status):
        (failed if status in _FAILED else done)[step] += count
    texts = _Text.select(_Text.step, (_Text.reason != "").alias("failed"), fn.COUNT(_Text.id)).join(_Step)
    for step, is_failed, count in _rows(database, texts, plan_id, _Text.step, SQL("failed")):
        (failed if is_failed else done)[step] += count
    tasks = _Task.select(_Task.step, _Task.done_at.is_null().alias("open"), fn.COUNT(_Task.id)).join(
        _Step, on=_Step.id == _Task.step
    )
    for step, is_open, count in _rows(database, tasks, plan_id, _Task.step, SQL("open")):
        (open_ if is_open else done)[step] += count
    states = _On.select(_On.state, fn.COUNT(_On.id)).where(_On.plan == plan_id).group_by(_On.state)
    its_steps = steps(database, plan_id)
    return PlanPage(
        standing,
        SmartPlan(row.name, its_steps, row.group_name, then, Purpose(row.purpose)),
        tuple(
            StepStanding(step, waits.get(step.id, 0), done[step.id], failed[step.id], open_[step.id])
            for step in its_steps
        ),
        {Going(state): count for state, count in database.cursor(states).fetchall()},
        row.then_plan,
        row.texts_account,
    )


def _rows(database: Database, counted: Any, plan_id: int, *by: Any) -> list[Any]:
    """Rows of a step and something counted, of a plan."""
    return list(database.cursor(counted.where(_Step.plan == plan_id).group_by(*by)).fetchall())


def people(
    database: Database, plan_id: int, states: Collection[Going], after: OnPlan | None, limit: int
) -> list[OnPlan]:
    """A page of those who are or were on a plan, see `SmartPlans.people`."""
    of_emails = _Email.enrolment == _On.id, _Email.status.in_(_FAILED)
    of_texts = _Text.enrolment == _On.id, _Text.reason != ""
    emails = _Email.select(fn.COUNT(_Email.id)).where(*of_emails)
    texts = _Text.select(fn.COUNT(_Text.id)).where(*of_texts)
    # Those who have no step to come after all others.
    order = fn.COALESCE(_On.next_at, _NEVER)
    on = (
        _On.select(
            *(_On.id, _On.contact_id, _On.run, _On.state, _On.next_at, _Step.place),
            *(Contact.first_name, Contact.last_name, Contact.company, Contact.email, Contact.phone),
            emails.alias("emails"),
            texts.alias("texts"),
            order.alias("soonest"),
        )
        .join(_Step, JOIN.LEFT_OUTER, on=_Step.id == _On.step)
        .switch(_On)
        .join(Contact, JOIN.LEFT_OUTER, on=Contact.id == _On.contact_id)
        .where(_On.plan == plan_id, _On.state.in_([state.value for state in states]))
    )
    any_failed = fn.EXISTS(_Email.select(_Email.id).where(*of_emails)) | fn.EXISTS(
        _Text.select(_Text.id).where(*of_texts)
    )
    fails = Case(None, [(any_failed, 0)], 1)
    if after is not None:
        at = micros(after.at) if after.at else _NEVER
        on = on.where(Tuple(fails, order, _On.id) > Tuple(0 if after.failed else 1, at, after.id))
    rows = database.fetch(on.order_by(fails, order, _On.id).limit(limit))
    reasons = _reasons(database, [row.id for row in rows if row.emails + row.texts])
    return [
        OnPlan(
            row.id,
            row.contact_id,
            full_name(row.first_name or "", row.last_name or "", row.company or "")
            or row.email
            or row.phone
            or "",
            row.run,
            Going(row.state),
            0 if row.place is None else row.place + 1,
            instant(row.next_at) if row.next_at is not None else None,
            row.emails + row.texts,
            reasons.get(row.id, ""),
        )
        for row in rows
    ]


_NEVER = 2**62


def _reasons(database: Database, ids: Collection[int]) -> dict[int, str]:
    """Why the last step that failed did, by the ids of enrolments."""
    found: dict[int, tuple[int, str]] = {}
    for kind, failed in ((_Email, _Email.status.in_(_FAILED)), (_Text, _Text.reason != "")):
        rows = kind.select(kind.enrolment, kind.at, kind.reason).where(
            database.among(kind.enrolment, ids), failed
        )
        for row in database.fetch(rows):
            found[row.enrolment_id] = max(found.get(row.enrolment_id, (0, "")), (row.at, row.reason))
    return {id: reason for id, (_, reason) in found.items()}
