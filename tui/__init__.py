"""What a person sees and types: the screens and the command line."""
