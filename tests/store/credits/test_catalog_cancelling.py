"""How a plan may be cancelled, as catalog files say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.credits.catalog_files import SHIPPED, Catalog, CatalogMistake


def test_a_plan_that_is_cancelled_at_once_leaves_another(tmp_path: Path) -> None:
    text = (SHIPPED / "agent-texts.toml").read_text(encoding="utf-8")
    at_once = text.replace('cancel = "renewal"', 'cancel = "now"')
    (tmp_path / "agent-texts.toml").write_text(at_once)
    with pytest.raises(CatalogMistake, match="plan") as caught:
        Catalog.load(tmp_path)
    assert caught.value.details["key"] == "changes.cancel_to"

    (tmp_path / "agent-texts.toml").write_text(at_once.replace("cancelled_credits", 'cancel_to = "300"\n#'))
    assert Catalog.load(tmp_path).product("agent-texts").changes.cancel_to == "300"
