"""Texts: drafts, what they will cost, blasts, and the worker that delivers them."""
