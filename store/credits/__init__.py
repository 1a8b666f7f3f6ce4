"""The ledger: what is available, what is held, what was used, and every line that says why."""
