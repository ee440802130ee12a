"""Where the values of parameters come from: rows that inherit from rows, packaged presets, and the explanation of both.

`presets` and `layers` know nothing of the database; `rows` keeps chains of rows whole.
"""
