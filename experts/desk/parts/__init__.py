"""The parts of a card, each with its form: in place by a script, and as a page of its own without.

A module a subject; `page` has the table of them, `base` what they share.
"""
