"""Stories: entries about the same event, and what finds them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the tables; what is stored stands alone, and new entries find one another."""
    op.create_table(
        "story",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("indexed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("story_seen", "story", ["seen"])
    op.create_table(
        "story_term",
        sa.Column("term", sa.BigInteger(), nullable=False),
        sa.Column("story_id", ROW, nullable=False),
        sa.PrimaryKeyConstraint("term", "story_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_entry",
        sa.Column("entry_id", ROW, primary_key=True, autoincrement=False),
        sa.Column("story_id", ROW, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
    )
    op.create_index("story_entry_story", "story_entry", ["story_id", "place"])
    op.create_table(
        "lexicon",
        sa.Column("language", sa.Text(), primary_key=True),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
    )
