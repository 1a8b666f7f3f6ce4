"""What travels with the code: the product catalog, the translations, demo data."""
