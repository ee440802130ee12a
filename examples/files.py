"""A document in a question: a PDF from a path, and the same as bytes."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import FilePart, TextPart, UserMessage, create_llm

INVOICE = Path(__file__).parent / "files" / "invoice.pdf"


async def main(model: str) -> None:
    async with create_llm(model) as llm:
        question = UserMessage([TextPart("What is to be paid, and until when?"), FilePart(path=INVOICE)])
        response = await llm.get_answer([question], max_tokens=200)
        print(response.text)
        print(f"{response.usage.input_tokens} tokens of input\n")

        data = FilePart(data=INVOICE.read_bytes(), filename="invoice.pdf", media_type="application/pdf")
        response = await llm.get_answer([UserMessage([TextPart("Is this an invoice?"), data])], max_tokens=200)
        print(response.text)


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
