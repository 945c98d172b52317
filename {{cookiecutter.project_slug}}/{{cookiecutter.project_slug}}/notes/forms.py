"""The forms of the pages."""

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms import StringField
from wtforms import TextAreaField
from wtforms.validators import DataRequired
from wtforms.validators import Length

from . import store


def clean(text: str | None) -> str:
    """Return the text with plain line ends, and without NUL, where many programs stop."""
    return (text or "").replace("\r\n", "\n").replace("\0", "")


class NoteForm(FlaskForm):
    """The form for a new note."""

    title = StringField(
        filters=[clean],
        validators=[DataRequired(), Length(max=store.MAX_TITLE_LENGTH)],
    )
    body = TextAreaField(
        "Text",
        filters=[clean],
        validators=[Length(max=store.MAX_BODY_LENGTH)],
        render_kw={"rows": 8},
    )


class VersionedForm(FlaskForm):
    """A form about a note, with the time of the last change that its user has seen."""

    updated = HiddenField()

    def is_stale(self, note: store.Note) -> bool:
        """Return whether the note has changed since; show its new time next time."""
        seen, self.updated.data = self.updated.data, str(note.updated)
        return bool(seen != self.updated.data)


class EditForm(NoteForm, VersionedForm):
    """The form that changes a note."""
