"""The parts of a card, each with its form. A script shows it on the card; without scripts it is a page of its own.

One module for each subject; `page` has the table of them, `base` what they share.
"""
