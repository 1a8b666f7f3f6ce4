"""Texts that are kept under a name: the list with a preview, and the form."""
