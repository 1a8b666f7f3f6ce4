"""One session's language, and the one way for text to the screen."""
