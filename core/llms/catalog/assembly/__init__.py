"""Makes the catalogue's data from other projects' published lists. Used when data is built, never before.

A reader for each list gives neutral facts; `merge` chooses among them by precedence and reports where they disagree.
"""
