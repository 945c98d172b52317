"""Notes, the worked example.

Revision ID: notes
Revises: initial
Create Date: 2026-01-01
"""

import sqlalchemy as sa
from alembic import op

revision = "notes"
down_revision = "initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_created"), "notes", ["created"])


def downgrade() -> None:
    op.drop_table("notes")
