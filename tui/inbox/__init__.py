"""Conversations: what came back, and answering it."""
