"""What has to be right for Kannel to carry texts, as far as it tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from xml.etree import ElementTree as ET

from store.messages.providers import Finding, Severity
from store.messages.providers.asking import Lost, Unsent
from store.messages.providers.kannel_http import Page
from store.sentences import sentence


def findings(sendsms: Page, login: Mapping[str, str], status: Page | None) -> Iterator[Finding]:
    """login: the fields of a request that say who asks. status: the status page."""
    yield from _overheard(sendsms)
    yield _logged_in(sendsms, login)
    if status:
        yield from _carriers(status)
    yield Finding(
        Severity.OK,
        sentence(
            "Check these yourself, because Textmeter can't ask Kannel: sendsms-user needs "
            "concatenation = true and max-messages = 50, or long texts are cut off; sms-service "
            "needs max-messages = 0, or people who reply get an empty text; smsbox needs "
            "http-request-retry = 100, or receipts get lost."
        ),
    )


def _overheard(page: Page) -> Iterator[Finding]:
    """Whether the password goes through other people's networks for all to read."""
    try:
        is_near = ip_address(page.host).is_private
    except ValueError:
        is_near = "." not in page.host
    if not page.is_encrypted and not is_near:
        yield Finding(
            Severity.WARNING,
            sentence("The password and texts go to {host} unencrypted.", host=page.host),
            sentence("Use https:// in `url`, or a tunnel."),
        )


def _logged_in(sendsms: Page, login: Mapping[str, str]) -> Finding:
    """Asks with a request that names nobody: Kannel looks at the password first, and sends nothing."""
    where = str(sendsms)
    try:
        status, says = sendsms.get(login)
    except (Unsent, Lost):
        return Finding(
            Severity.ERROR,
            sentence("Kannel isn't answering at {where}.", where=where),
            sentence("Start bearerbox and smsbox, or correct `url`."),
        )
    if status == 400 and "receiver" in says:
        return Finding(Severity.OK, sentence("Kannel accepts texts at {where}.", where=where))
    if status == 403:
        return Finding(
            Severity.ERROR,
            sentence("Kannel refuses the user name or password."),
            sentence("Set `username` and `password` to those of a sendsms-user in Kannel's configuration."),
        )
    return Finding(
        Severity.ERROR,
        sentence("Something other than Kannel's sendsms answers at {where}.", where=where),
        sentence("Correct `url`."),
    )


def _carriers(page: Page) -> Iterator[Finding]:
    """What the status page says."""
    try:
        root = ET.fromstring(page.get({}).says)
    except (Unsent, Lost, ET.ParseError):
        yield Finding(
            Severity.WARNING,
            sentence("Can't read Kannel's status page."),
            sentence("Set `status` to the URL of status.xml, with ?password= and Kannel's status-password."),
        )
        return
    connections = root.findall("smscs/smsc")
    for one in connections:
        name = one.findtext("id") or one.findtext("name") or "?"
        if (one.findtext("status") or "").startswith("online"):
            yield Finding(Severity.OK, sentence("Kannel is connected to {name}.", name=name))
        else:
            yield Finding(
                Severity.ERROR,
                sentence("Kannel isn't connected to {name}.", name=name),
                sentence("Check Kannel's log for the carrier's answer."),
            )
    if not connections:
        yield Finding(
            Severity.ERROR,
            sentence("Kannel has no connection to any carrier."),
            sentence("Add an smsc group to its configuration."),
        )
    if root.findtext("dlr/storage") == "internal":
        yield Finding(
            Severity.WARNING,
            sentence("Kannel keeps receipts in memory, so pending ones are lost when it restarts."),
            sentence("Set dlr-storage to a database in Kannel's configuration."),
        )
