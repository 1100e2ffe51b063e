"""Pages for people: templates, what they are given, and what they draw."""
