"""What is sold: products, their plans, rates and rules. Files become these in `catalog_files`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from store.errors import RefusedByRule, WrongUsage
from store.sentences import sentence

NO_PLAN = "none"
"""The plan of an account that has none (any more)."""

MONTHLY, YEARLY = BILLING = ("monthly", "yearly")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is subscribed to: credits a period, and its price of a month in cents.

    accounts: the community size that it is made for, 0 where that is no matter. trial_days: how long a trial
    takes, which is given once, at the start; 0 for all other plans.
    """

    id: str
    credits: int
    price_cents: int
    accounts: int = 0
    trial_days: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """What makes a plan larger than another."""
        return self.credits, self.price_cents


NOTHING = Plan(NO_PLAN, 0, 0)
"""What an account without a plan gets, and pays."""


class Rates(Protocol):
    """Credits for one segment of an SMS, for one MMS however long, or for one email."""

    def rate(self, region: str, *, mms: bool = False) -> int:
        """Credits for a region (ISO 3166-1 alpha-2)."""
        ...

    def is_domestic(self, region: str) -> bool | None:
        """Whether a region is one of those that are named together ("US and Canada"); None where each
        country has a rate of its own."""
        ...


class TwoRates(NamedTuple):
    """One rate for domestic regions (not calling codes: Jamaica is elsewhere), one for all others; an MMS
    costs the same wherever it goes."""

    domestic_regions: frozenset[str]
    domestic: int
    elsewhere: int
    mms: int

    def rate(self, region: str, *, mms: bool = False) -> int:
        if mms:
            return self.mms
        return self.domestic if self.is_domestic(region) else self.elsewhere

    def is_domestic(self, region: str) -> bool:
        return region in self.domestic_regions


class RateCard(NamedTuple):
    """A rate for each country. A region that the card lacks takes that of its calling code's main region.
    file: the card's name in the catalog's folder."""

    by_region: Mapping[str, int]
    mms_times: int
    elsewhere: int
    file: str

    def rate(self, region: str, *, mms: bool = False) -> int:
        credits = self.by_region.get(region)
        if credits is None:
            from store.texts.phones import (
                calling_code_region,
            )  # costs 20 ms, and most regions are on the card

            credits = self.by_region.get(calling_code_region(region), self.elsewhere)
        return credits * self.mms_times if mms else credits

    def is_domestic(self, region: str) -> None:
        return None


class EmailRate(NamedTuple):
    """Sends for one email, wherever it goes."""

    email: int

    def rate(self, region: str, *, mms: bool = False) -> int:
        return self.email

    def is_domestic(self, region: str) -> None:
        return None


class Changes(NamedTuple):
    """What happens when a plan is changed.

    upgrade: "prorated" (the difference of the prices for the days left) or "difference" (all of it), charged
    at once. upgrade_credits: "full" (the new plan's number less what the period's plans have given) or
    "prorated" (the difference of the numbers for the days left of the period). downgrade, cancel: "now" or
    "renewal", the first one that what was paid for doesn't cover. cancel_to: the plan that is left then, or
    NO_PLAN. cancelled_credits: "end" or "stay".
    """

    upgrade: str
    upgrade_credits: str
    downgrade: str
    cancel: str
    cancel_to: str
    cancelled_credits: str


class Purchases(NamedTuple):
    """How credits are bought. cents: of one credit; least: credits at once; most_allotments: how many months'
    credits of the plan may be bought in a calendar month of the account's time zone."""

    cents: int
    least: int
    most_allotments: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product: all that the ledger needs to know of it.

    name: a message id. sends: "texts" or "emails". plans: from the smallest to the largest, the trial apart.
    yearly_months: how many months' prices a year costs. thresholds: percent, ascending. renewal_day: the day
    of the month on which periods begin; None: the account's anchor day. expire_after_months: how long credits
    of a plan can be used; None: they never expire. mms_regions: where an MMS arrives with its pictures, and
    elsewhere as a link; None: that isn't known of any. lapse: whether they end with their period.
    most_allotments: how many months' credits roll over at most, those of the new period included; None: any
    number. charged_on: "accepted" or "delivered". purchases: None where no credits can be bought.
    first_line_free: whether the line below the first text to somebody costs nothing.
    """

    id: str
    name: str
    sends: str
    billing: tuple[str, ...]
    yearly_months: int
    renewal_day: int | None
    expire_after_months: int | None
    lapse: bool
    most_allotments: int | None
    plans: tuple[Plan, ...]
    trial: Plan | None
    thresholds: tuple[int, ...]
    rates: Rates
    changes: Changes
    purchases: Purchases | None
    charged_on: str
    inbound_charged: bool
    mms_regions: frozenset[str] | None = None
    first_line_free: bool = False

    def plan(self, id: str) -> Plan:
        """A plan that an account or an order has, the trial, or NOTHING for NO_PLAN. Raises WrongUsage for
        one that the catalog lacks by now."""
        plan = self._find(id)
        if plan is None:
            says = sentence(
                "{product} no longer has the plan {plan}, which this account has or had. Nothing is "
                "lost. Restore the product's file, or remove your catalog folder.",
                product=self.id,
                plan=id,
            )
            raise WrongUsage(says, code="no-such-plan")
        return plan

    def plan_asked_for(self, id: str) -> Plan:
        """As `plan`, for one that somebody names. Raises WrongUsage with those there are."""
        plan = self._find(id)
        if plan is None:
            raise self.no_such_plan(id)
        return plan

    def _find(self, id: str) -> Plan | None:
        return next((plan for plan in (NOTHING, *self._offered) if plan.id == id), None)

    @property
    def _offered(self) -> tuple[Plan, ...]:
        return (*self.plans, self.trial) if self.trial else self.plans

    def no_such_plan(self, id: str) -> WrongUsage:
        """What is said where a plan is asked for that isn't there."""
        return WrongUsage(
            sentence(
                "{product} has no plan {plan}. Its plans are: {plans}.",
                product=self.id,
                plan=id,
                plans=", ".join(plan.id for plan in self._offered),
            ),
            code="no-such-plan",
        )

    @property
    def for_communities(self) -> bool:
        """Whether its plans are made for the size of a community."""
        return any(plan.accounts for plan in self.plans)

    @property
    def stand_in(self) -> Plan:
        """The plan whose credits can be used while another one isn't paid: the free one, where there is
        one."""
        plan = self.plan(self.changes.cancel_to)
        return NOTHING if plan.price_cents else plan

    def price(self, plan: Plan, billing: str) -> int:
        """What a plan costs each time that it is billed, in cents."""
        return plan.price_cents * (self.yearly_months if billing == YEARLY else 1)

    def rate(self, region: str, mms: bool = False) -> int:
        """Credits for one segment of an SMS, for one MMS, or for one email, to a region. Raises RefusedByRule
        for an MMS where emails are sent."""
        if mms and self.sends == "emails":
            raise RefusedByRule(
                sentence("This account sends emails, so there is no MMS. Nothing was charged."), code="no-mms"
            )
        return self.rates.rate(region, mms=mms)

    def is_domestic(self, region: str) -> bool | None:
        """See `Rates.is_domestic`."""
        return self.rates.is_domestic(region)
