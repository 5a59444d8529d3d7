"""How far back and ahead the front page looks."""

from datetime import timedelta

DAY, WEEK, FORTNIGHT, QUARTER = (timedelta(days=days) for days in (1, 7, 14, 91))
