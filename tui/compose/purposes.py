"""What a text is for, in words."""

from __future__ import annotations

from store.messages.model import Purpose
from store.sentences import N_

PURPOSES = {
    Purpose.CONVERSATION: N_("Conversation"),
    Purpose.NOTICE: N_("Notice"),
    Purpose.MARKETING: N_("Marketing"),
    Purpose.EMERGENCY: N_("Emergency"),
}
