"""Emails: writing one, and what became of those that were sent."""
