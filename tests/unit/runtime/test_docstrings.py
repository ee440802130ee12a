"""Docstrings of the three styles, read for a model."""

from __future__ import annotations

import pytest

from core.llms.runtime.docstrings import Docstring, read_docstring

GOOGLE = """Look up the weather
    of a city.

    More of it, which is not for the model.

    Args:
        city (str): The city's name,
            in English.
        unit: celsius or fahrenheit: choose one.

            Default is celsius.
        *extra: Ignored.

    Returns:
        text: What it is like.
    """

NUMPY = """Look up the weather of a city.

    Parameters
    ----------
    city : str
        The city's name,
        in English.
    unit, scale : {"c", "f"}, optional
        One of two.
    quiet

    Returns
    -------
    text
        What it is like.
    """

REST = """Look up the weather of a city.
    :param city: The city's name,
        in English.
    :param str | None unit: celsius or fahrenheit.
    :type unit: str
    :returns: What it is like.
    """


def test_read_docstring_in_googles_style() -> None:
    assert read_docstring(GOOGLE) == Docstring(
        "Look up the weather of a city.",
        {
            "city": "The city's name, in English.",
            "unit": "celsius or fahrenheit: choose one. Default is celsius.",
            "extra": "Ignored.",
        },
    )


def test_read_docstring_in_numpys_style() -> None:
    assert read_docstring(NUMPY) == Docstring(
        "Look up the weather of a city.",
        {"city": "The city's name, in English.", "unit": "One of two.", "scale": "One of two."},
    )


def test_read_docstring_in_rest_style() -> None:
    assert read_docstring(REST) == Docstring(
        "Look up the weather of a city.",
        {"city": "The city's name, in English.", "unit": "celsius or fahrenheit."},
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, Docstring()),
        ("  \n ", Docstring()),
        ("One line.", Docstring("One line.")),
        ("\nArgs:\n    city: The city.", Docstring(None, {"city": "The city."})),
        ("Note: keep it short.\n\nExample: yes.", Docstring("Note: keep it short.")),
        ("Do it.\nReturns:\n    city: not a parameter.", Docstring("Do it.")),
        ("Do it.\n\nParameters\n----------", Docstring("Do it.")),
    ],
)
def test_read_docstring_of_unusual_forms(text: str | None, expected: Docstring) -> None:
    assert read_docstring(text) == expected
