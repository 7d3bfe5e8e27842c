"""The first schema. Frozen: what changes later is a migration of its own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _where(condition: str) -> dict[str, Any]:
    """A partial index, on either engine."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Makes every table."""
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("config", sa.Text(), nullable=False),
        sa.Column("configured", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("next_poll", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.LargeBinary()),
        sa.Column("state", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("source_due", "source", ["active", "next_poll"])
    op.create_index("source_leased", "source", ["host"], **_where("lease_until IS NOT NULL"))
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("holder", sa.Text()),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "article",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", ROW, nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("guid_key", sa.BigInteger()),
        sa.Column("title_key", sa.BigInteger(), nullable=False),
        sa.Column("text_key", sa.BigInteger()),
        sa.Column("url_key", sa.BigInteger()),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("dropped", sa.Text()),
        sa.Column("evidence", sa.Text()),
        sa.Column("data", sa.Text(), nullable=False),
    )
    op.create_index("article_digest", "article", ["digest"])
    op.create_index("article_entry", "article", ["entry_id"])
    op.create_index("article_source", "article", ["source_id"])
    op.create_index("article_text", "article", ["text_key"], **_where("text_key IS NOT NULL"))
    op.create_index("article_uid", "article", ["uid"], unique=True)
    op.create_index("article_url", "article", ["url_key"], **_where("url_key IS NOT NULL"))
    op.create_table(
        "article_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("article_id", ROW),
        sa.PrimaryKeyConstraint("key", "source_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("lead_id", ROW, nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("listed", sa.BigInteger()),
        sa.Column("printed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )
    op.create_index("entry_listed", "entry", ["listed"], **_where("listed IS NOT NULL"))
    op.create_index("entry_printed", "entry", ["version"], **_where("printed"))
    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("rules", sa.BigInteger()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger()),
        sa.Column("as_of", sa.BigInteger()),
        sa.Column("next_change", sa.BigInteger()),
    )
    op.create_table(
        "entry_section",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", ROW, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "section_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("entry_section_first", "entry_section", ["section_id", "first", "entry_id"])
    op.create_table(
        "poll",
        sa.Column("id", ROW, primary_key=True, autoincrement=True),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
    )
    op.create_index("poll_at", "poll", ["at"])
    op.create_index("poll_source", "poll", ["source_id", "id"])
    op.create_table(
        "output",
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("look", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("folder", "section"),
    )
