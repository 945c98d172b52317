"""The beginning: no tables yet.

Revision ID: initial
Revises:
Create Date: 2026-01-01
"""

revision = "initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
