"""Budgets in money and tokens over users, tags, models and time. Import the modules; the names are in `core.llms`."""
