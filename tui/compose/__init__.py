"""Writing a text: who gets it, what it says, what it costs at every key."""
