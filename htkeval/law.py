"""What each gate has to settle, and the text it rests on: dated reference data with sources.

Nothing here is law: the texts stand in `configs/law.toml`, each with where and when it was read.
"""

from collections.abc import Iterator, Mapping
from datetime import date as Day
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from htkeval.frozen import Contradiction, Frozen
from htkeval.text import Language, Text, say

AiClass = Literal["prohibited", "high_risk", "limited", "minimal", "not_ai"]
Confidence = Literal["quoted", "paraphrased", "to_be_confirmed"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

AI_CLASSES: Mapping[AiClass, Text] = {
    "prohibited": say("prohibited practice"),
    "high_risk": say("high risk"),
    "limited": say("limited risk: people are told that it is AI"),
    "minimal": say("minimal risk"),
    "not_ai": say("not an AI system"),
}
"""What each class of the AI Act is called."""

CONFIDENCE: Mapping[Confidence, Text] = {
    "quoted": say("Quoted word for word."),
    "paraphrased": say("Told in our own words."),
    "to_be_confirmed": say("To be confirmed by a lawyer."),
}
"""How far each text can be relied on."""


class Both(Frozen):
    """The same words in both languages."""

    da: Words
    """In Danish."""
    en: Words
    """In English."""

    def said(self, language: Language) -> str:
        """The words in a language."""
        return self.da if language == "da" else self.en


class Question(Both):
    """Something that has to be answered before the gate can be closed."""

    to_be_confirmed: bool = False
    """Whether no source answers it, so that a lawyer has to."""


class LawText(Frozen):
    """A provision or a piece of guidance, with where and when it was read."""

    provision: Words
    """Which part of the source: `artikel 35, stk. 1`."""
    source: Words
    """Name and number of the act, the agreement or the guidance."""
    address: str
    """Where the source stands on the web; the reprint, where no address of its own was found."""
    read: Day
    """The day on which it was read."""
    read_in: Both | None = None
    """Where it was read, if not at the address: a reprint is to be held against the source."""
    applies: Day | None = None
    """The day from which it applies; None where that was not found."""
    status: Confidence
    """How far it can be relied on."""
    quotation: Words | None = None
    """Its own words, short; only what was found."""
    language: Language | None = None
    """The language of the quotation."""
    summary: Both | None = None
    """What it says in our words, or what nobody has confirmed yet."""

    @model_validator(mode="after")
    def _is_what_it_says(self) -> "LawText":
        if not self.address.startswith(("https://", "http://")):
            raise Contradiction("address is no web address; it begins with https://")
        if self.status == "quoted" and not (self.quotation and self.language):
            raise Contradiction("quoted, but without a quotation and its language")
        if self.status != "quoted" and (self.quotation or not self.summary):
            raise Contradiction("not quoted: it has a summary and no quotation")
        return self

    def old(self, today: Day) -> bool:
        """Whether it was read more than a year ago."""
        read = (self.read.year + 1, self.read.month, self.read.day)
        return read < (today.year, today.month, today.day)


class GateLaw(Frozen):
    """What one gate has to settle, and what it rests on."""

    title: Both
    """What it is about."""
    questions: tuple[Question, ...] = Field(min_length=1)
    """What has to be answered."""
    texts: tuple[LawText, ...] = ()
    """What it rests on; none where no source was found."""

    def old(self, today: Day) -> bool:
        """Whether any of its texts was read more than a year ago."""
        return any(text.old(today) for text in self.texts)


class Law(Frozen):
    """The texts of all gates. Mirrors `configs/law.toml`."""

    date: Day
    """When the file was last looked through."""
    gates: dict[str, GateLaw]
    """Each gate's, by its id."""

    def days(self) -> Iterator[tuple[str, Day]]:
        """Every day on which something was looked at, with its key; none can be to come."""
        yield "date", self.date
        for gate, entry in self.gates.items():
            for n, text in enumerate(entry.texts, 1):
                yield f"gates.{gate}.texts[{n}].read", text.read
