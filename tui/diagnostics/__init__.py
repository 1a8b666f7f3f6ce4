"""What this installation is like, for whoever helps: shown, copied, saved, and reported after a crash."""
