"""Every action there is, as a running app finds them."""

from __future__ import annotations

import asyncio

import pytest

from tests.tui.harness import make_app, make_store, settled
from tui.keys.catalog import Catalog, catalog


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    async def read() -> Catalog:
        app = make_app(make_store(tmp_path_factory.mktemp("keys")))
        async with app.run_test() as pilot:
            await settled(pilot)
            return catalog(app)

    return asyncio.run(read())
