"""A stand-in of Stripe's API on this machine: localstripe, in a thread, on a free port.

localstripe knows customers, cards, payments and declines. What Stripe has beyond that and we rely on is added
here: answers replayed by idempotency key (until `forget_answers`), a payment's description, payments listed
by customer, the bank's own word for a decline, the page on which a card is put on file, and Stripe's refusal
of a parameter that it no longer takes. `fault` makes the next charge fail.
"""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from aiohttp import web

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it registers handlers in a way that aiohttp no longer likes
    from localstripe import resources, server

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

VISA = "4242424242424242"
DECLINED = "4000000000000341"
ASKS_ITS_OWNER = "4000002500003155"


class Standin:
    """Stripe, as far as we use it. fault: what happens at the next request that charges: "die-after" (it is
    charged, and the answer gets lost), "hang" (no answer comes), a status to answer with, or what a status of
    400 says."""

    def __init__(self) -> None:
        self.url = ""
        self.fault: str | int | dict[str, str] | None = None
        self.asked: list[tuple[str, str]] = []
        self.decline_code = "card_declined"
        self.released = threading.Event()
        self._answers: dict[str, tuple[int, bytes]] = {}

    def forget_answers(self) -> None:
        """A day later: nothing is replayed any more."""
        self._answers.clear()

    def payments(self) -> list[dict[str, Any]]:
        """All payments there are, as Stripe would show them."""
        return [
            value._export() for key, value in resources.store.items() if key.startswith("payment_intent:")
        ]

    def paid(self) -> list[int]:
        """The cents of all payments that went through."""
        return [payment["amount"] for payment in self.payments() if payment["status"] == "succeeded"]

    def put_on_file(self, customer: str, number: str, year: int = 2031) -> None:
        """What the customer does on Stripe's page."""
        card = {"number": number, "exp_month": 4, "exp_year": year, "cvc": "123"}
        method = resources.PaymentMethod(type="card", card=card)
        method.customer = customer
        resources.Customer._api_retrieve(customer).invoice_settings["default_payment_method"] = method.id

    def remove(self, customer: str) -> None:
        """What Stripe's staff may do."""
        del resources.store[f"customer:{customer}"]

    @web.middleware
    async def _idempotent(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        charges = (request.method, request.path) == ("POST", "/v1/payment_intents")
        fault, self.fault = (self.fault, None) if charges else (None, self.fault)
        if fault == "hang":
            while not self.released.is_set():
                await asyncio.sleep(0.01)
        if isinstance(fault, int):
            return web.json_response({"error": {"message": "Trouble."}}, status=fault)
        if isinstance(fault, dict):
            return web.json_response({"error": fault}, status=400)
        key = request.headers.get("Idempotency-Key", "")
        if key not in self._answers:
            answer = await handler(request)
            assert isinstance(answer, web.Response)
            assert isinstance(answer.body, bytes)
            if key:
                self._answers[key] = answer.status, answer.body
        else:
            status, body = self._answers[key]
            answer = web.Response(status=status, body=body, content_type="application/json")
        if fault == "die-after":
            assert request.transport is not None
            request.transport.abort()
        return answer

    def application(self) -> web.Application:
        """localstripe's routes, and those that it lacks."""
        application = web.Application(
            middlewares=[self._idempotent, server.error_middleware, server.auth_middleware]
        )
        application.router.add_post("/v1/billing_portal/configurations", _portal)
        application.router.add_post("/v1/billing_portal/sessions", _page)
        for route in server.app.router.routes():
            if route.resource is not None and route.method != "HEAD":
                application.router.add_route(route.method, route.resource.canonical, route.handler)
        return application


async def _portal(request: web.Request) -> web.Response:
    sent = await request.post()
    if sent.get("features[payment_method_update][enabled]") != "true":
        return _refusal("No way to put a card on file.")
    return web.json_response({"id": "bpc_1", "object": "billing_portal.configuration"})


async def _page(request: web.Request) -> web.Response:
    sent = await request.post()
    resources.Customer._api_retrieve(sent["customer"])
    if (sent.get("configuration"), sent.get("flow_data[type]")) != ("bpc_1", "payment_method_update"):
        return _refusal("No such page.")
    url = f"https://billing.example/{sent['customer']!s}"
    return web.json_response({"id": "bps_1", "object": "billing_portal.session", "url": url})


def _refusal(message: str) -> web.Response:
    return web.json_response({"error": {"type": "invalid_request_error", "message": message}}, status=400)


@contextmanager
def _extended(standin: Standin) -> Iterator[None]:
    """localstripe's classes with what they lack."""
    intents, charges = resources.PaymentIntent, resources.Charge
    create, retrieve = intents._api_create.__func__, resources.StripeObject._api_retrieve.__func__

    def created(cls: Any, /, description: str = "", **data: Any) -> Any:
        if "payment_method_types" in data:
            contents = {"code": "payment_method_types_no_longer_supported"}
            raise resources.UserError(400, "No longer supported.", contents)
        assert data.pop("allowed_payment_method_types") == ["card"]
        return create(cls, **data)

    def listed(cls: Any, /, url: str, customer: str = "", **data: Any) -> Any:
        found = resources.StripeObject._api_list_all.__func__(cls, url, **data)
        found._list = [intent for intent in found._list if intent.customer == customer]
        return found

    def retrieved(cls: Any, /, id: str) -> Any:
        try:
            return retrieve(cls, id)
        except resources.UserError:
            raise resources.UserError(404, f"No such thing: {id}", {"code": "resource_missing"}) from None

    def failure(self: Any) -> None:
        contents = {"code": "card_declined", "decline_code": standin.decline_code, "charge": self.id}
        raise resources.UserError(402, self.failure_message, contents)

    with (
        patch.object(intents, "_api_create", classmethod(created)),
        patch.object(intents, "_api_list_all", classmethod(listed)),
        patch.object(resources.StripeObject, "_api_retrieve", classmethod(retrieved)),
        patch.object(charges, "_raise_failure", failure),
        patch.object(resources, "schedule_webhook", lambda event: None),
        patch.object(resources.Store, "dump_to_disk", lambda self: None),
    ):
        resources.store.clear()
        yield


@contextmanager
def running() -> Iterator[Standin]:
    """A stand-in that answers until the block ends."""
    standin = Standin()
    loop = asyncio.new_event_loop()

    async def start() -> web.AppRunner:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            runner = web.AppRunner(standin.application(), access_log=None, shutdown_timeout=0.1)
            await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        standin.url = f"http://{host}:{port}"
        return runner

    with _extended(standin):
        runner = loop.run_until_complete(start())
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield standin
        finally:
            standin.released.set()
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
