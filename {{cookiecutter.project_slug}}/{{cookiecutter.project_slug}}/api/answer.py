"""What a response holds."""

from flask import Response
from pydantic import BaseModel


class Answer(BaseModel):
    """A JSON answer: a subclass names the fields."""

    def respond(self, status: int = 200, **headers: str) -> Response:
        """The response that carries it."""
        body = self.model_dump_json(by_alias=True)
        return Response(body, status, headers, mimetype="application/json")
