"""What was used: by day, by kind, month against month."""
