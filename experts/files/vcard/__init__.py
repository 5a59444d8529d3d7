"""Business cards as files (vCard 2.1, 3.0 and 4.0): a reader that puts up with anything, a writer that is strict."""
