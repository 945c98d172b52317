"""`flask auth`: accounts from the command line."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ..database import db_session
from . import passwords
from . import tokens
from .users import EMAIL
from .users import User
from .users import audit
from .users import find
from .users import normalize

auth = AppGroup("auth", help="Manage accounts.")


def get(email: str) -> User:
    """Return the user with this address; an error where there is none."""
    user = find(email)
    if not user:
        raise click.ClickException(f"There is no account {email}.")
    return user


@auth.command()
@click.argument("email")
def create(email: str) -> None:
    """Create an account: asks for the password."""
    email = normalize(email)
    if not EMAIL.fullmatch(email):
        raise click.ClickException(f"{email} is not an e-mail address.")
    if find(email):
        raise click.ClickException(f"There is an account {email}.")
    db_session.rollback()  # Others can write while somebody types.
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if fault := passwords.fault(password, email):
        raise click.ClickException(fault)
    user = User(email=email, password_hash=passwords.hash(password))
    db_session.add(user)
    db_session.commit()
    audit("created", user)


@auth.command("list")
def list_all() -> None:
    """List the accounts."""
    for user in db_session.scalars(select(User).order_by(User.email)):
        click.echo(f"{user.email}{' (admin)' if user.is_admin else ''}")


@auth.command()
@click.argument("email")
def revoke(email: str) -> None:
    """Log an account out everywhere, and revoke its tokens."""
    user = get(email)
    tokens.revoke(user)
    db_session.commit()
    audit("revoked", user)


@auth.command()
@click.argument("email")
def make_admin(email: str) -> None:
    """Make an account an administrator's."""
    user = get(email)
    user.is_admin = True
    db_session.commit()
    audit("made an administrator", user)
