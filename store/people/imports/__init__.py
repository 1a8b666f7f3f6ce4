"""How people come in from files: text is read, rows or cards are understood, and people are taken or
refused."""
