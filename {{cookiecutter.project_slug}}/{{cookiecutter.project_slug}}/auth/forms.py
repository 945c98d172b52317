"""The forms of the account's pages."""

from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms import PasswordField
from wtforms import ValidationError
from wtforms.validators import Length
from wtforms.validators import Regexp

from . import passwords
from .users import EMAIL
from .users import normalize


class EmailForm(FlaskForm):
    """The form that asks for a link."""

    email = EmailField(
        "E-mail address",
        filters=[normalize],
        validators=[Regexp(EMAIL, message="Use an address such as ada@example.com.")],
        render_kw={"autocomplete": "username", "required": True},
    )


class LoginForm(EmailForm):
    """The form to log in."""

    password = PasswordField(
        validators=[Length(1, passwords.MAX_LENGTH)],
        render_kw={"autocomplete": "current-password", "required": True},
    )


class PasswordForm(FlaskForm):
    """The form that sets the password of an account, its owner's address."""

    owner = ""
    password = PasswordField(
        "New password, 12 characters or more",
        render_kw={"autocomplete": "new-password", "required": True},
    )

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is easy to guess, also by the owner's address."""
        if fault := passwords.fault(field.data or "", self.owner):
            raise ValidationError(fault)
