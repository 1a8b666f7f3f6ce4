"""In which language a text is, where its words tell that: by the small words that every sentence has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_LOOKED_AT = 1_600
"""Characters by which it is told: a message's."""

_LEAST = 2.0
"""So much of it has to speak for a language: two words that no other one has, or more that several do."""

_words = re.compile(r"[^\W\d_]+").findall
_field = re.compile(r"\{[^{}]*\}")
_kana = re.compile("[\u3040-\u30ff]")
_han = re.compile("[\u4e00-\u9fff]")

_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "de": "am auf aus bis bitte danke das dem den der die ein eine einen für hallo heute ich ihr ihre "
        "ihnen im ist mit morgen nicht oder sie um und uns von vor wir zu zum zur",
        "en": "a and are at be by call can for have here hi if in is it just me my now of on our out please "
        "reply thank thanks that the there this to today tomorrow up want we will with you your",
        "es": "al con de del el en es este esta gracias han hay hola hoy la las lo los me mañana más no "
        "nuestra nuestro para pero por que queda se si su sus te tienes tu un una usted y ya",
        "fr": "au aujourd aux avec bonjour ce dans de demain des du en est et ici je la le les merci mon ne "
        "nous on pas pour que qui sur svp un une vos votre vous",
        "it": "a alla alle che ciao con da del della delle di domani e gli grazie ha il in la le lo non "
        "nostra nostro oggi per più questa questo se si sono su un una vi vostra vostro",
        "nl": "aan als bij dank de deze die dit een en er graag hallo het heeft hebt in is je met morgen "
        "niet nog of om ons onze op te u uw van vandaag voor we wij zijn",
        "pl": "ale czy dla do dziękujemy dzień dzisiaj i jest jutro jutra lub na nie o od oraz po pod "
        "proszę prosimy przy się są to w z za ze że",
        "pt": "ao aos as às com da de do dos e em está hoje mais na não no nos nossa nosso o obrigada "
        "obrigado olá os para por que se sem seu sua um uma você",
    }.items()
}
_SHARED_BY = Counter(word for words in _SMALL_WORDS.values() for word in words)

_SIGNS: Mapping[str, str] = {
    "¿": "es",
    "¡": "es",
    "ñ": "es",
    "ß": "de",
    "ã": "pt",
    "õ": "pt",
} | dict.fromkeys("ąćęłńśźż", "pl")
"""Letters and marks that of these languages one alone has."""


def language_of(body: str, otherwise: str = "") -> str:
    """The language of a text, fields left out: its tag (de, en, es, fr, it, ja, nl, pl, pt, zh). otherwise:
    what it is taken for where its words don't tell, or speak for two."""
    written = _field.sub(" ", body[:_LOOKED_AT]).lower()
    if _kana.search(written):
        return "ja"
    if len(_han.findall(written)) >= _LEAST:
        return otherwise if otherwise[:2] in ("ja", "zh") else "zh"
    speaks = dict.fromkeys(_SMALL_WORDS, 0.0)
    for word in _words(written):
        for language, words in _SMALL_WORDS.items():
            if word in words:
                speaks[language] += 1 / _SHARED_BY[word]
    for sign, language in _SIGNS.items():
        if sign in written:
            speaks[language] += 1
    second, most = sorted(speaks.values())[-2:]
    return max(speaks, key=speaks.__getitem__) if most >= _LEAST and most > second else otherwise
