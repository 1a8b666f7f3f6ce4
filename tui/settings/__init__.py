"""What an installation is told, and what a person chooses for themselves."""
