"""Every screen by its name, and the ways to it."""
