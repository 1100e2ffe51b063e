"""Letters on paper: the font that labels and papers carry, and how their lines break. Knows nothing of what is said."""
