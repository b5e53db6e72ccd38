"""What a page or a record says: its text, title, address and date."""
