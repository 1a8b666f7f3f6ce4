"""Accounts: the first one, others, going from one to the next."""
