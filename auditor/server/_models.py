"""Bodies of requests, and the answers' schema for OpenAPI."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

_SCHEMAS = "#/components/schemas/"
Tag = Annotated[str, Field(min_length=1, max_length=64)]


class Strict(BaseModel):
    """A body in which an unknown key is an error: a misspelt option is not passed over in silence."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ScreenText(Strict):
    """One text; ``id`` comes back in the answer, ``metadata`` with it."""

    text: str
    id: Annotated[str, Field(max_length=1024)] | None = None
    language: Tag | None = None
    group: Annotated[str, Field(max_length=1024)] | None = None
    metadata: dict[str, JsonValue] = Field(default_factory=dict)


class ScreenRequest(Strict):
    """Texts to screen; each is judged by itself."""

    documents: Annotated[list[ScreenText], Field(min_length=1)]
    clean_text: bool = False


class ScoreText(Strict):
    """One text to score; with its source, a translation."""

    text: str
    id: Annotated[str, Field(max_length=1024)] | None = None
    source: str | None = None
    language: Tag | None = None
    source_language: Tag | None = None


class ScoreRequest(Strict):
    """Texts to score."""

    texts: Annotated[list[ScoreText], Field(min_length=1)]


class ScoreAnswer(BaseModel):
    """Scores of one text by the name of the scorer; empty where no scorer reads its language."""

    id: str | None
    scores: dict[str, float]


class ScoreResponse(BaseModel):
    """Answers in the order of the texts."""

    signature: str
    answers: list[ScoreAnswer]


class Problem(BaseModel):
    """Why a request was not answered."""

    detail: str


class Invalid(BaseModel):
    """Where a body is wrong: place and reason, never the value."""

    detail: list[dict[str, JsonValue]]


class Health(BaseModel):
    """State of the server."""

    status: str


def add_answers(schema: dict[str, Any]) -> dict[str, Any]:
    """Put the wire format's own JSON Schema into an OpenAPI document, for the answers of ``/v1/screen``."""
    answer = json.loads(files("auditor.knowledge").joinpath("report.schema.json").read_text("utf-8"))
    parts = {name: part for name, part in answer.pop("$defs").items() if name != "report"}
    for key in ("$schema", "$id"):
        answer.pop(key, None)
    offsets = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3}}
    answer["properties"] |= {"clean_text": {"type": "string"}, "clean_offsets": offsets}
    error = {
        "type": "object",
        "properties": {
            "schema": {"const": "auditor/1"},
            "id": {"type": ["string", "null"]},
            "line": {"type": "integer", "description": "Position of the text in the request, from 1."},
            "error": {"type": "string"},
        },
        "required": ["schema", "id", "line", "error"],
        "additionalProperties": False,
    }
    own = {"Answer": answer, "AnswerError": error} | {f"Answer-{name}": part for name, part in parts.items()}
    schema["components"]["schemas"] |= {name: _moved(part) for name, part in own.items()}
    return schema


def screen_response() -> dict[str, Any]:
    """JSON Schema of the answer of ``/v1/screen``."""
    one = {"anyOf": [{"$ref": f"{_SCHEMAS}Answer"}, {"$ref": f"{_SCHEMAS}AnswerError"}]}
    properties = {"signature": {"type": "string"}, "answers": {"type": "array", "items": one}}
    return {"type": "object", "properties": properties, "required": ["signature", "answers"]}


def _moved(value: Any) -> Any:
    """The same schema with its references led to where its parts stand now."""
    if isinstance(value, dict):
        return {
            key: f"{_SCHEMAS}Answer-{part.removeprefix('#/$defs/')}" if key == "$ref" else _moved(part)
            for key, part in value.items()
        }
    return [_moved(part) for part in value] if isinstance(value, list) else value
