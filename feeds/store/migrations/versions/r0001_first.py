"""The first schema."""

import sqlalchemy as sa

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Row = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes every table."""
