"""What only the whole store can tell: copies, near-copies, stories, crowds."""
