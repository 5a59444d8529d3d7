from .database import sqlite

# Before anything imports Django's SQLite backend.
sqlite.library()
