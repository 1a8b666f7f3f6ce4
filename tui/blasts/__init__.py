"""A text that was sent: how far it is with each of its people."""
