"""Textmeter for people elsewhere: over SSH and in a browser, each session a process of its own."""
