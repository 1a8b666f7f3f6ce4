"""Text itself: characters, encodings, segments, merge fields, phone numbers. Pure: no I/O, no clock."""
