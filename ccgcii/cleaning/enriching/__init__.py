"""What is learnt of a text: its language, topics, events and tone."""
