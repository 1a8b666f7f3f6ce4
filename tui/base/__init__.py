"""What every screen stands on: the app as a screen sees it, its base, going elsewhere, the look."""
