"""What was agreed before, kept in the user's state folder: rows, history, locks, the run under way."""
