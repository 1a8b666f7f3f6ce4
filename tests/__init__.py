"""The tests, which mirror `store` and `tui`. `python3 -m tests` runs all of them and every other check."""
