"""What every noun is made of."""

import math
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from htkeval.text import Language, Text, render, say


class Contradiction(ValueError):
    """A noun that disagrees with itself; carries its sentence for both languages."""

    def __init__(self, template: str, **values: Any) -> None:
        self.text = say(template, **values)
        super().__init__(str(self.text))


class Frozen(BaseModel):
    """An immutable value that refuses keys it does not know."""

    # defer_build: a type costs its schema when it is first used, not when its module loads.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class Spoken(Frozen):
    """A noun with a sentence. Documents print it in words (`said_as`) beside the template."""

    word: ClassVar[str] = "text"
    """What the sentence is called in documents."""

    message: Text
    """The sentence, in no language yet."""

    @model_validator(mode="before")
    @classmethod
    def _drop_words(cls, data: Any) -> Any:
        if isinstance(data, dict) and "message" in data:
            return {k: v for k, v in data.items() if k != cls.word}
        return data


def document(noun: BaseModel, language: Language) -> dict[str, Any]:
    """A noun as the JSON document that we print: every sentence also in words.

    A `message` gets a sibling `text` (a gap's is called `reason`), which reading back ignores.
    """
    dumped = noun.model_dump(mode="json", by_alias=True)
    _add_words(noun, dumped, language)
    return dumped


def _add_words(noun: Any, dumped: Any, language: Language) -> None:
    if isinstance(noun, Spoken):
        dumped[noun.word] = render(noun.message, language)
    if isinstance(noun, BaseModel) and not isinstance(noun, Text):
        for name, field in type(noun).model_fields.items():
            key = field.serialization_alias or field.alias or name
            _add_words(getattr(noun, name), dumped[key], language)
    elif isinstance(noun, tuple | list):
        for one, its in zip(noun, dumped, strict=True):
            _add_words(one, its, language)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise Contradiction("must be finite; what cannot be computed is a Gap")
    return value


Finite = Annotated[float, AfterValidator(_finite)]
"""A number that is never NaN or infinite."""

Share = Annotated[Finite, Field(ge=0, le=1)]
"""A part of a whole, from 0 to 1."""
