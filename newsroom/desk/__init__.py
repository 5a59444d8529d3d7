"""What every page of the desk shares, and the desk's pages about the house and the people who work here.

Empty on purpose: the admin's site itself is made from `site`, so nothing may register with it on the way there.
"""
