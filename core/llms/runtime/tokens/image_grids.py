"""What rules of image tokens share: squares that cover an image, how a large one is scaled, what a count is."""

from __future__ import annotations

from typing import Final, NamedTuple

from core.llms.types.media import ImageSize

ASSUMED_SIZE: Final = ImageSize(1024, 1024)


class ImageTokens(NamedTuple):
    """The tokens of one image. `exact` is false where a rule or a size is assumed; `note` says which, or warns.

    `unseen` is how many more it can have, where its size is not known.
    """

    tokens: int
    exact: bool
    note: str | None
    unseen: int = 0


def count_covering(width: int, height: int, square_pixels: int) -> int:
    """Return how many squares cover an image."""
    return -(-width // square_pixels) * -(-height // square_pixels)


def fit_within(size: ImageSize, side_pixels: int) -> tuple[int, int]:
    """Scale an image down until no side is longer; one that fits stays as it is."""
    longest = max(size)
    if longest <= side_pixels:
        return size.width, size.height
    return max(1, round(size.width * side_pixels / longest)), max(1, round(size.height * side_pixels / longest))


def fit_squares(size: ImageSize, side_pixels: int, square_pixels: int, most_squares: int) -> int:
    """Return the squares that cover an image once it is the largest that neither side nor squares forbid."""
    fits, too_large = 1, min(max(size), side_pixels) + 1
    while too_large - fits > 1:
        middle = (fits + too_large) // 2
        if count_covering(*fit_within(size, middle), square_pixels) <= most_squares:
            fits = middle
        else:
            too_large = middle
    return count_covering(*fit_within(size, fits), square_pixels)


def describe_assumed_size(most: int) -> str:
    """Say that a size is assumed, and the most tokens that the image can have."""
    return (
        f"the image's size is unknown, {ASSUMED_SIZE.width}×{ASSUMED_SIZE.height} is assumed; at most {most:,} tokens"
    )
