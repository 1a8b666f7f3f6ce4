"""The address book: contacts, their groups, and how they come in."""
