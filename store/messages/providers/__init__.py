"""Who carries a text: one module a provider, imported by name when it is used."""
