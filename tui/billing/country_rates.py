"""What a text costs in each country, in a language: for the Rates screen and for `textmeter rates`."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from store.credits.catalog import Product
from store.sentences import Sentence, sentence
from store.texts.phones import regions
from tui.i18n.language import Language


class CountryRate(NamedTuple):
    """A country's line. region: ISO 3166-1 alpha-2; name: in a language; code: its calling code; credits: for
    one segment, or for one email; mms: for one MMS, None where there is none."""

    region: str
    name: str
    code: int
    credits: int
    mms: int | None


def country_rates(language: Language, product: Product) -> list[CountryRate]:
    """All countries that can be written to, by their names in the language's own letters."""
    texts = product.sends == "texts"
    rates = [
        CountryRate(
            region=region,
            name=language.territory(region),
            code=code,
            credits=product.rate(region),
            mms=product.rate(region, mms=True) if texts else None,
        )
        for region, code in regions().items()
    ]
    return sorted(rates, key=lambda rate: folded(rate.name))


def matching(rates: list[CountryRate], typed: str) -> list[CountryRate]:
    """Those that somebody may mean: names with a word that begins so, else with a part like it; a country's
    two letters, or its calling code, such as +44."""
    wanted = folded(typed).strip()
    if not wanted:
        return rates
    if (digits := wanted.lstrip("+")).isdecimal():
        return [rate for rate in rates if str(rate.code).startswith(digits)]
    named = [rate for rate in rates if wanted == rate.region.casefold() or _begins(rate.name, wanted)]
    return named or [rate for rate in rates if wanted in folded(rate.name)]


def heading(product: Product) -> Sentence:
    """What the numbers are."""
    if product.sends == "emails":
        return sentence("Emails by country")
    return sentence("Credits per text segment, by country")


def folded(text: str) -> str:
    """Without case and accents: "cote" finds Côte d'Ivoire."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _begins(name: str, wanted: str) -> bool:
    return any(folded(word).startswith(wanted) for word in name.split()) or folded(name).startswith(wanted)
