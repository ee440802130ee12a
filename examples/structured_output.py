"""Answers as objects: a pydantic model, a plain list, and what happens when an answer does not fit."""

import asyncio
from typing import Annotated

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import AfterValidator, BaseModel, Field

from core.llms import OutputValidationError, create_llm


class Person(BaseModel):
    name: str
    age: Annotated[int, Field(description="in years")]
    email: str | None = None


def require_known(name: str) -> str:
    """A rule that a JSON schema cannot say, so that the model learns of it only when it was broken."""
    if name not in ("Grace", "Alan"):
        raise ValueError(f"{name} is not in the list: Grace, Alan")
    return name


class Guest(BaseModel):
    name: Annotated[str, AfterValidator(require_known)]


async def main(model: str) -> None:
    async with create_llm(model) as llm:
        text = "Ada Lovelace is 36 years old; write to ada@example.com."
        response = await llm.get_answer(text, response_model=Person, max_tokens=200)
        print(repr(response.parsed))

        response = await llm.get_answer("Name the cities: Paris, London and Rome.", response_model=list[str])
        print(repr(response.parsed))

        try:
            response = await llm.get_answer("Tom comes to dinner.", response_model=Guest, output_retries=1)
            print(repr(response.parsed))
        except OutputValidationError as error:
            print(f"OutputValidationError: {error}\nThe last answer was {error.response.text}")


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
