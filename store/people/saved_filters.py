"""Filters that were saved under a name. They are everybody's who works on the database, and mean at any time
what they say then."""

from __future__ import annotations

from store.database import unit_of_work  # isort: split

from store.errors import WrongUsage, changed_since
from store.people.filters import SAVED
from store.people.finding import Finding
from store.people.model import SavedFilter
from store.people.names import fold, tidy
from store.people.tables import SavedFilter as _Saved
from store.roles import Role
from store.sentences import sentence


class SavedFilters(Finding):
    """What is done with the filters of an open database."""

    def saved_filters(self) -> list[SavedFilter]:
        """By name."""
        with self._database.connection():
            rows = self._database.fetch(_Saved.select(_Saved.name, _Saved.query).order_by(_Saved.key))
            return [SavedFilter(row.name, row.query) for row in rows]

    @unit_of_work(Role.SENDER)
    def save_filter(self, name: str, query: str) -> SavedFilter:
        """Keeps a query under a name, in the place of what that name stood for. Raises WrongUsage where there
        is no name, and FilterMistake for a query that can't be followed as an audience."""
        saved = SavedFilter(tidy(name).removeprefix(SAVED).strip(), str(self._filtering.filter(query)))
        if not fold(saved.name):
            raise WrongUsage(sentence("A filter needs a name. Nothing was saved."), code="no-name")
        self._filtering.check(saved.query)
        key = {"key": fold(saved.name)}
        with self._database.transaction():
            kept = _Saved.insert(**saved._asdict(), **key)
            self._database.run(kept.on_conflict(conflict_target=[_Saved.key], update=saved._asdict()))
        return saved

    @unit_of_work(Role.SENDER)
    def restore_filter(self, saved: SavedFilter) -> None:
        """Has a filter back that was forgotten. Raises RefusedByRule where something has its name since."""
        with self._database.transaction():
            key = fold(saved.name)
            if self._database.scalar(_Saved.select(_Saved.key).where(_Saved.key == key)) is not None:
                raise changed_since()
            self._database.run(_Saved.insert(**saved._asdict(), key=key))

    @unit_of_work(Role.SENDER)
    def delete_filter(self, name: str) -> None:
        """Forgets a filter. Nothing happens where there is none of that name."""
        with self._database.transaction():
            self._database.run(_Saved.delete().where(_Saved.key == fold(name)))
