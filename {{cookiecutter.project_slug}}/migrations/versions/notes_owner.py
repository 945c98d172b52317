"""The owner of each note; those that are older than the accounts have none.

Revision ID: notes_owner
Revises: auth
Create Date: 2026-01-01
"""

import sqlalchemy as sa
from alembic import op

revision = "notes_owner"
down_revision = "auth"
branch_labels = None
depends_on = None


def upgrade() -> None:
    owner = sa.ForeignKey("users.id", ondelete="CASCADE")
    with op.batch_alter_table("notes") as notes:
        notes.add_column(sa.Column("owner_id", sa.Integer(), owner))
    op.create_index(op.f("ix_notes_owner_id"), "notes", ["owner_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_notes_owner_id"), "notes")
    with op.batch_alter_table("notes") as notes:
        notes.drop_column("owner_id")
