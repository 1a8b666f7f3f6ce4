"""Where a machine says it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.i18n import host_locale
from tui.i18n.language import Language


def test_the_variable_counts_before_the_system(tmp_path: Path) -> None:
    localtime = tmp_path / "localtime"
    localtime.symlink_to("/usr/share/zoneinfo/Europe/Madrid")
    assert host_locale.timezone({"TZ": ":Asia/Tokyo"}, localtime) == "Asia/Tokyo"
    assert host_locale.timezone({}, localtime) == "Europe/Madrid"


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd"])
def test_what_is_no_time_zone_is_passed_over(name: str, tmp_path: Path) -> None:
    assert host_locale.timezone({"TZ": name}, tmp_path / "localtime") == "UTC"


@pytest.mark.parametrize(
    ("zone", "tag", "country"),
    [
        ("America/New_York", "en", "US"),
        ("Europe/Madrid", "en_US", "ES"),
        ("UTC", "es_MX", "MX"),
        ("UTC", "en", "US"),
    ],
)
def test_the_country_follows_from_the_zone_else_from_the_language(zone: str, tag: str, country: str) -> None:
    assert host_locale.country(zone, Language(tag)) == country


def test_countries_are_in_the_order_of_their_names_in_the_language() -> None:
    names = [name for _, name in host_locale.countries(Language("es"))]
    assert names.index("Alemania") < names.index("Andorra") < names.index("Zimbabue")
    assert abs(names.index("Emiratos Árabes Unidos") - names.index("Ecuador")) < 10


def test_unions_and_unknown_regions_are_no_countries() -> None:
    assert not {"EU", "UN", "ZZ"} & {code for code, _ in host_locale.countries(Language("en"))}


def test_time_zones_are_places() -> None:
    zones = host_locale.timezones()
    assert "America/Argentina/Buenos_Aires" in zones
    assert "Etc/GMT+5" not in zones
    assert zones[-1] == "UTC"
