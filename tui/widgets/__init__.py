"""Widgets that several screens use. They show values and post messages; none of them touches the store."""
