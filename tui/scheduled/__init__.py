"""Texts that leave later."""
