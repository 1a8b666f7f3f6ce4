"""Templates where one writes: one is put into the text, or what is written becomes one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import replace

from textual.content import Content

from store.messages.model import Draft, Purpose, Template
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import SaveTemplate
from tui.compose.drafting import DraftingScreen, People, Read
from tui.compose.live_estimate import Files

BEGUN, ROOMY = 110, 130
"""Columns from which on the key bar offers templates where nothing is written yet, and where something is."""


class WithTemplates(DraftingScreen[People, Files, Read]):
    """A screen on which templates are of use."""

    @abstractmethod
    def costs(self, reading: Read, width: int) -> Sequence[Content]:
        """What something costs, in a few lines of at most `width` cells."""

    def template_actions(self) -> Iterable[Action]:
        yield Action(
            "compose.template",
            "ctrl+t",
            N_("Template"),
            N_("Insert one into your text, after seeing what it costs"),
            self.insert_template,
            words=self._template_words,
        )
        yield Action(
            "compose.keep",
            "shift+f10",
            N_("Save as a template"),
            N_("Save what you're writing under a name"),
            self.save_as_template,
            why_not=self._why_no_template,
            in_bar=False,
        )

    def insert_template(self) -> None:
        """Offers the templates, and puts in the one that is chosen."""
        from tui.compose.templates import InsertScreen, put_in

        def becomes(template: Template) -> Draft:
            return put_in(self._draft, template, self.composer.with_inserted)

        has_text = bool(self._draft.body.strip())
        self.app.push_screen(
            InsertScreen(self._estimate, becomes, self.costs, self._take_template, has_text=has_text)
        )

    def _template_words(self) -> str:
        least = ROOMY if self._draft.body.strip() else BEGUN
        return self.gettext("Template") if self.app.size.width >= least else ""

    def _take_template(self, template: Template, instead: bool) -> None:
        """Puts a template in; instead of what is there: that stays as a draft, and Ctrl+Z brings it back."""
        from tui.compose.templates import put_in, put_instead

        has_text = bool(self._draft.body.strip())
        if instead:
            self._autosave.start(Draft())
            draft = put_instead(self._draft, template)
        else:
            draft = put_in(self._draft, template, self.composer.with_inserted)
        if has_text and not instead:
            self.composer.insert_here(template.text)
        else:
            self.composer.rewrite(draft.body)
        self._draft = replace(draft, body=self.composer.text)  # which may have had no room
        self._autosave.changed(self._draft)
        self._estimate.draft_changed(self._draft)
        self._show_subject(draft.subject)
        self._show_status()
        self.composer.focus()
        if instead:
            self.app.tell(
                sentence(
                    "Your earlier text is kept as a draft. {key} lists your drafts.",
                    key=Key("compose.drafts", "ctrl+o"),
                )
            )

    def _show_subject(self, subject: str) -> None:
        """Shows another subject, where there is one."""

    def _why_no_template(self) -> Sentence | None:
        if not self._draft.body.strip():
            return sentence("There is no text yet. Write something.")
        return self.app.lacks(Role.SENDER)

    def save_as_template(self) -> None:
        """Asks for the name under which what is written is kept, with its fields in place."""
        draft, purpose = self._draft, self._draft.purpose or Purpose.NOTICE
        language = draft.language or self.app.language.code
        template = Template("", draft.body, purpose, language, draft.subject)
        self.post_message(SaveTemplate(template))
