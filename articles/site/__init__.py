"""The readers' pages. They know nothing of the desk: every query asks editions, through live()."""
