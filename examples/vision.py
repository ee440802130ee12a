"""Questions about images: a path, bytes, several at once, and an image inside a conversation."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import ImagePart, MediaError, TextPart, UserMessage, create_llm

SHAPES = Path(__file__).parent / "images" / "shapes.png"


async def main(model: str) -> None:
    async with create_llm(model) as llm:
        response = await llm.generate_with_vision("What is in this image?", images=[SHAPES], max_tokens=200)
        print(response.text)
        print(f"{response.usage.input_tokens} tokens of input\n")

        response = await llm.generate_with_vision(
            "Do these two images differ?", images=[SHAPES.read_bytes(), ImagePart(path=SHAPES, detail="low")]
        )
        print(response.text, "\n")

        question = UserMessage([TextPart("Which shape is in the middle?"), ImagePart(path=SHAPES)])
        print((await llm.get_answer([question], max_tokens=200)).text, "\n")

        try:
            await llm.generate_with_vision("What is this?", images=[Path(__file__)])
        except MediaError as error:
            print(f"Refused before anything was sent: {error}")


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
