"""What a text that came in asks for, language by language."""

from __future__ import annotations

import pytest

from store.messages.asked import Asks, asked

OUT = """
STOP|stop|Stop.|"stop"|‘STOP’|STOP!!!|s t o p|S.T.O.P|stop stop stop|STOP please|Please stop|stop, thanks
STOPALL|Stop all|UNSUBSCRIBE|Cancel|END|Quit|OPTOUT|opt-out|Opt out please|REVOKE|ＳＴＯＰ
alto|ALTO|Baja|parar|basta|no más|No mas|por favor alto
stopp|arrêt|退订
"""
IN = "START|Start.|unstop|UNSTOP|iniciar|reanudar|start please"
HELP = "HELP|help!|INFO|ayuda|Ayuda por favor|información|informacion"
REFUSALS = """
please stop texting me|Wrong number|I think you have the wrong number.|you've got the WRONG PERSON
STOP TEXTING ME!!|don’t text me again|Don't text me|take me off your list|remove me|not interested, thanks
Lose my number|unsubscribe me from this|leave me alone
Número equivocado|numero equivocado|No me escriban más|dejen de enviar mensajes|bórrenme de la lista
"""
NOTHING = """
Can we stop by at 5?|I'll stop at the office on the way|Is there a bus stop nearby?|Non-stop flights?
The end of the month works|I'd like to cancel our 3 pm appointment|No, we can't quit the lease before May
When does it start?|Can you help me with the form?|Any info about the garage?|Yes|yes!|Sí
Don't worry, I got your text|I'm not sure yet|It isn't the right number of bedrooms
El alto del techo me preocupa|¿Hay una parada cerca?|El fin de semana puedo|Al final no vamos
Nos vemos en la baja California|👍||   |.|...
"""


def each(words: str) -> list[str]:
    return [word for line in words.strip().splitlines() for word in line.split("|")]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        *((word, Asks.OUT) for word in each(OUT)),
        *((word, Asks.IN) for word in each(IN)),
        *((word, Asks.HELP) for word in each(HELP)),
        *((word, Asks.REFUSAL) for word in each(REFUSALS)),
        *((word, None) for word in each(NOTHING)),
    ],
)
def test_it_means(text: str, means: Asks | None) -> None:
    found = asked(text)
    assert (None if found.if_out else found.asks) is means


@pytest.mark.parametrize("word", ["Yes", "YES please", "sí", "si"])
def test_yes_brings_back_only_who_is_out(word: str) -> None:
    found = asked(word)
    assert (found.asks, found.if_out) == (Asks.IN, True)


@pytest.mark.parametrize(("word", "answers"), [("STOP", "Reply START"), ("alto", "Responda START")])
def test_it_is_confirmed_in_its_own_language(word: str, answers: str) -> None:
    assert answers in asked(word).answer


def test_every_languages_words_count_and_mean_no_two_things() -> None:
    import tomllib
    from pathlib import Path

    meaning: dict[str, Asks] = {}
    for path in (Path(__file__).parents[3] / "assets" / "opt_out").glob("*.toml"):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for means in (Asks.OUT, Asks.IN, Asks.HELP):
            for word in data[means]:
                assert asked(word).asks is means, (path.stem, word)
                assert meaning.setdefault(word.casefold(), means) is means
        for phrase in data["refusals"]:
            assert asked(phrase).asks in (Asks.REFUSAL, Asks.OUT), (path.stem, phrase)


def test_a_megabyte_is_read_in_no_time_and_means_what_it_says() -> None:
    assert asked("a" * 1_000_000).asks is None
    assert asked("word " * 200_000 + "wrong number").asks is Asks.REFUSAL
