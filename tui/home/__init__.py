"""What is left, at a glance."""
