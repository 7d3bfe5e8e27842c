"""A second table of anchors, into which they are carried over in order."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table; what is stored is carried over as more articles come."""
    op.create_table(
        "kept_anchor",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", ROW, nullable=False),
        sa.PrimaryKeyConstraint("hash", "entry_id"),
        sqlite_with_rowid=False,
    )
