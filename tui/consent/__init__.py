"""Who may be texted, since when and why."""
