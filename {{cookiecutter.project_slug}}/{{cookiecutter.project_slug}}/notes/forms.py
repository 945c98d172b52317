"""The forms of the pages."""

from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from wtforms import HiddenField
from wtforms import StringField
from wtforms import TextAreaField
from wtforms.validators import DataRequired
from wtforms.validators import Length

from . import store


def clean(text: str | None) -> str:
    """The text with plain line ends, and without NUL, where many programs end it."""
    return (text or "").replace("\r\n", "\n").replace("\0", "")


class Form(FlaskForm):  # type: ignore[misc]
    """A form with proof that it was filled in on our own page."""


class NoteForm(Form):
    """What a note says."""

    title = StringField(
        filters=[clean],
        validators=[DataRequired(), Length(max=store.LONGEST_TITLE)],
    )
    body = TextAreaField(
        "Text",
        filters=[clean],
        validators=[Length(max=store.LONGEST_BODY)],
        render_kw={"rows": 8},
    )


class VersionedForm(Form):
    """A form about a note, and when that last changed as far as the form knows."""

    updated = HiddenField()

    def is_stale(self, note: store.Note) -> bool:
        """Whether the note has changed since."""
        return bool(self.updated.data != str(note.updated))


class EditForm(NoteForm, VersionedForm):
    """The form that changes a note."""
