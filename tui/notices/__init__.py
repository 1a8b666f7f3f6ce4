"""What was told when a limit came near."""
