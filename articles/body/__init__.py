"""A story's text: its vocabulary, and everything that reads, checks or prints it.

`schema` and what it needs import no model, so that models may import it.
"""
