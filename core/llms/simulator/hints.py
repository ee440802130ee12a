"""Values found in the words of a conversation: names, places, numbers, dates, `key: value` pairs.

Plain pattern matching, deterministic. It serves the brain and the schema filler; it knows no vendor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = r"[A-Z][\w'’-]*"
_NAME = rf"{_WORD}(?:[ ]{_WORD})*"
_ENTITY = re.compile(_NAME)
_ENTITY_LIST = re.compile(rf"{_NAME}(?:\s*,\s*{_NAME})*\s*,?\s+(?:and|or|&)\s+(?:in |for )?{_NAME}")
_PLACE_PAIR = re.compile(rf"({_NAME})\s*,\s*({_NAME})")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w]*[A-Za-z])")
_QUOTED = re.compile(r"[\"“']([^\"”']{1,200})[\"”'](?!\w)")
_LOWER_PLACE = re.compile(r"\b(?:in|near|at)\s+(?!the\b|a\b|an\b|my\b|this\b|json\b)([a-z][a-z-]{2,})\b")
_PLACE_WORDS = frozenset({"in", "at", "near", "from", "to", "for", "of", "visit", "around"})
_PERSON_WORDS = frozenset({"named", "called", "name", "is", "am", "i'm", "by", "about", "mr", "mrs", "ms", "dr"})
_SENTENCE_WORDS = frozenset(
    """a add also an and answer are as ask at be book calculate call can check compare compute convert could count
    create describe did do does draft each explain extract fetch fill find for from generate get give good has have
    hello hey hi how i i'll i'm if image in is it its json let list look make may me multiply my name no not now of on
    open or order our output please print produce provide read remember reply respond return roll say search send
    set she he should show so summarise summarize sum tell thank thanks that the their then there these they this
    those to today translate try use using was we were what what's when where which who whose why will with work would
    write yes you your""".split()  # noqa: SIM905  # a hundred quoted words would hide the list
)

UNIT_VALUES = {
    "email": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "uri": re.compile(r"https?://[^\s\"'<>)]+[^\s\"'<>).,;]"),
    "date-time": re.compile(r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})"),
    "date": re.compile(r"\b\d{4}-\d{2}-\d{2}\b"),
    "time": re.compile(r"\b\d{2}:\d{2}(?::\d{2})?\b"),
    "uuid": re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"),
    "ipv4": re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A capitalised name and the word before it."""

    text: str
    before: str


class Hints:
    """Values of one text. Entities and numbers are handed out once each, in order; `answer` is the plain answer."""

    def __init__(self, text: str, answer: str = "", number_answer: int | float | None = None) -> None:
        self.text = text
        self.answer = answer
        self.number_answer = number_answer
        self._lower = text.lower()
        self._entities = find_entities(text)
        dates = [match.span() for pattern in UNIT_VALUES.values() for match in pattern.finditer(text)]
        self._numbers = [
            match.group()
            for match in _NUMBER.finditer(text)
            if not any(start <= match.start() < end for start, end in dates)
        ]
        self._quoted = [match.group(1) for match in _QUOTED.finditer(text)]

    def mentions(self, word: str) -> bool:
        """Whether `word` stands in the text, whatever its case."""
        return bool(word) and re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", self._lower) is not None

    def keyed(self, name: str) -> str | None:
        """The value given to `name` as in `name: value`, `name is value` or `name = value`."""
        words = re.escape(name.replace("_", " ").lower()).replace(r"\ ", r"[ _-]")
        match = re.search(
            rf"(?<!\w){words}\s*(?:[:=]|\bis\b|\bof\b)\s*[\"“']?([^\n,;.?!\"”']+)", self.text, re.IGNORECASE
        )
        if match is None:
            return None
        return re.split(r"\s+(?:and|or|who|which|that|with|but)\s+", match.group(1).strip())[0].strip() or None

    def formatted(self, format_name: str) -> str | None:
        """The first value in the text of a format: `email`, `uri`, `date`, `uuid`, …"""
        pattern = UNIT_VALUES.get(format_name)
        match = pattern.search(self.text) if pattern is not None else None
        return match.group() if match is not None else None

    def matching(self, pattern: re.Pattern[str]) -> str | None:
        """The first word or quoted text that fits `pattern`."""
        words = [word.strip(".,;:!?\"'()") for word in self.text.split()]
        return next((word for word in [*self._quoted, *words] if word and pattern.search(word)), None)

    def place(self) -> str | None:
        """The next name after a word such as `in` or `from`; else any lower-case word after `in`."""
        pair = _PLACE_PAIR.search(self.text)
        if pair is not None and not _ENTITY_LIST.search(self.text) and pair.group(1).lower() not in _SENTENCE_WORDS:
            return f"{pair.group(1)}, {pair.group(2)}"
        found = next((entity for entity in self._entities if entity.before in _PLACE_WORDS), None)
        if found is not None:
            return self._taken(found)
        lower = _LOWER_PLACE.search(self.text)
        if lower is not None:
            return lower.group(1)
        return self.entity()

    def person(self) -> str | None:
        """The next name that no place word stands before."""
        named = next((entity for entity in self._entities if entity.before in _PERSON_WORDS), None)
        other = next((entity for entity in self._entities if entity.before not in _PLACE_WORDS), None)
        found = named or other
        return self._taken(found) if found is not None else None

    def entity(self) -> str | None:
        """The next name of any kind."""
        return self._taken(self._entities[0]) if self._entities else None

    def quoted(self) -> str | None:
        """The next text in quotation marks."""
        return self._quoted.pop(0) if self._quoted else None

    def items(self) -> list[str]:
        """The names of a list such as `Paris, London and Rome`, else all names left."""
        listed = listed_entities(self.text)
        return listed or [entity.text for entity in self._entities]

    def number(self, name: str) -> str | None:
        """The number that belongs to `name`: `3 apples`, `age 30`, `30 years old`; else the next one."""
        words = re.escape(name.replace("_", " ").lower().rstrip("s"))
        patterns = [rf"(-?\d+(?:\.\d+)?)\s+{words}", rf"\b{words}s?\s+(?:of\s+|is\s+|to\s+)?(-?\d+(?:\.\d+)?)"]
        if name.lower().endswith("age"):
            patterns.append(r"(\d+)[ -]years?\b")
        for pattern in patterns:
            match = re.search(pattern, self._lower)
            if match is not None:
                self._discard_number(match.group(1))
                return match.group(1)
        return self._numbers.pop(0) if self._numbers else None

    def numbers(self) -> list[str]:
        """All numbers left."""
        return list(self._numbers)

    def _discard_number(self, number: str) -> None:
        if number in self._numbers:
            self._numbers.remove(number)

    def _taken(self, entity: Entity) -> str:
        self._entities.remove(entity)
        return entity.text


def find_entities(text: str) -> list[Entity]:
    """All capitalised names in `text`, without the words that only begin a sentence."""
    entities = []
    for match in _ENTITY.finditer(text):
        words = match.group().split(" ")
        while words and words[0].lower() in _SENTENCE_WORDS:
            words.pop(0)
        if words:
            name = " ".join(words).removesuffix("'s").removesuffix("’s").rstrip("'’-")
            before = re.findall(r"[\w']+", text[: match.start()])
            entities.append(Entity(name, before[-1].lower() if before else ""))
    return entities


def listed_entities(text: str) -> list[str]:
    """The names joined by commas and a final `and`, or nothing where there is no such list."""
    match = _ENTITY_LIST.search(text)
    if match is None:
        return []
    parts = re.split(r"\s*,\s*(?:and |or )?|\s+(?:and|or|&)\s+", match.group())
    names = [re.sub(r"^(?:in|for) ", "", part).strip() for part in parts]
    kept = [entity.text for name in names for entity in find_entities(name)]
    return kept if len(kept) > 1 else []


def narrowed_to(text: str, name: str) -> str:
    """`text` with its list of names replaced by one of them."""
    match = _ENTITY_LIST.search(text)
    return text if match is None else text[: match.start()] + name + text[match.end() :]
