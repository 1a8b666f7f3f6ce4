"""A mailer that does as it is told."""

from __future__ import annotations

from store.mail import Accepted, Mail, NoAnswer, Outcome


class Scripted:
    """Does with mails as it is told; once nothing is left to do, it accepts."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else Accepted()
        if isinstance(outcome, Accepted | NoAnswer):
            self.sent.append(mail)
        return outcome

    def close(self) -> None:
        """Nothing is kept."""

    def to(self) -> list[str]:
        return [mail.to for mail in self.sent]

    def keys(self) -> list[str]:
        return [mail.key for mail in self.sent]
