"""The terminal is not trusted: everything it sends and everything it may do to the app passes through here.

`reading` turns its bytes into keys, pastes and clicks, and drops the rest; `layouts` knows which key is meant
on a keyboard of another script; `in_order` gives each key to what the one before it led to; `driver` has the
terminal itself: its modes, its size, signals, its end.
"""
