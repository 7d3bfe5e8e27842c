"""Editors' decisions, aliases of entries that were merged late, and what stays split."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the tables; no entry was ever merged late before."""
    op.create_table(
        "alias",
        sa.Column("entry_id", ROW, primary_key=True, autoincrement=False),
        sa.Column("into_id", ROW, nullable=False),
    )
    op.create_index("alias_into", "alias", ["into_id"])
    op.create_table(
        "origin",
        sa.Column("article_id", ROW, primary_key=True, autoincrement=False),
        sa.Column("entry_id", ROW, nullable=False),
    )
    op.create_index("origin_entry", "origin", ["entry_id"])
    op.create_table(
        "decision",
        sa.Column("id", ROW, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", ROW, nullable=False),
        sa.Column("other_id", ROW, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
    )
    op.create_index("decision_entry", "decision", ["entry_id"])
    op.create_index("decision_other", "decision", ["other_id"])
    op.create_table(
        "no_join",
        sa.Column("low_id", ROW, nullable=False),
        sa.Column("high_id", ROW, nullable=False),
        sa.Column("decision_id", ROW, nullable=False),
        sa.PrimaryKeyConstraint("low_id", "high_id"),
        sqlite_with_rowid=False,
    )
