"""The revisions of every lineage (`db.migration`). A revision says by itself what it makes: tables as they were at its time,
never those of today. Alembic loads the files by their path, so they import by full name. None has a way back.
"""
