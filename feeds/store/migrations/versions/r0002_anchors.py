"""Anchors of texts, by which wire copy is found."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table; what is stored has no anchors, and leaves the window within 30 days."""
    op.create_index("entry_first_seen", "entry", ["first_seen"])
    op.create_table(
        "anchor",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", ROW, nullable=False),
        sa.PrimaryKeyConstraint("hash", "entry_id"),
        sqlite_with_rowid=False,
    )
