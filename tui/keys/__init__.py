"""What every key does, and putting actions on others."""
