"""Every line that led to what is left."""
