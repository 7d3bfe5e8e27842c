"""The tables, the same on both engines: times are integers in µs since 1970, hashes signed 64-bit."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    event,
)

REVISION = "0005"  # of the schema: the newest in migrations/versions
PAGES = ""  # the row of `output` that stands for front page, sources and entry pages
FORMAT = "copydesk"  # in `meta`: whose database this is
IDENTITY = "identity"  # in `meta`: which of them; the same in backups

metadata = MetaData()
Row = BigInteger().with_variant(Integer, "sqlite")  # SQLite's rowid wants INTEGER

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    Column("config", Text, nullable=False),  # JSON of Source as last configured, without URL and headers: no secrets
    Column("configured", BigInteger, nullable=False),  # hash of the URL in the configuration
    Column("url", Text),  # where it moved for good; NULL: the configured URL
    Column("host", Text, nullable=False),
    Column("next_poll", BigInteger, nullable=False),  # 0: at once
    Column("lease_until", BigInteger),
    Column("token", BigInteger, nullable=False),
    Column("listed", LargeBinary),  # digests, eight bytes each
    Column("state", Text, nullable=False),  # JSON of what else SourceState holds
    sqlite_autoincrement=True,
)
Index("source_due", source.c.active, source.c.next_poll)
Index(
    "source_leased",
    source.c.host,
    sqlite_where=source.c.lease_until.is_not(None),
)

host = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text),
    Column("lease_until", BigInteger),
    Column("free_at", BigInteger, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("id", Row, primary_key=True, autoincrement=False),
    Column("uid", Text, nullable=False),
    Column("source_id", Integer, nullable=False),
    Column("entry_id", Row, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Column("guid_key", BigInteger),
    Column("title_key", BigInteger, nullable=False),
    Column("text_key", BigInteger),
    Column("url_key", BigInteger),
    Column("words", Integer, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("dropped", Text),  # the rule that dropped it
    Column("evidence", Text),  # JSON of Member; NULL: the first of its entry
    Column("data", Text, nullable=False),  # JSON of Article
)
Index("article_uid", article.c.uid, unique=True)
Index("article_entry", article.c.entry_id)
Index("article_source", article.c.source_id)
Index("article_digest", article.c.digest)
Index(
    "article_text",
    article.c.text_key,
    sqlite_where=article.c.text_key.is_not(None),
)
Index(
    "article_url",
    article.c.url_key,
    sqlite_where=article.c.url_key.is_not(None),
)

article_key = Table(
    "article_key",
    metadata,
    Column("key", BigInteger, nullable=False),
    Column("source_id", Integer, nullable=False),
    Column("article_id", Row),  # NULL: ambiguous, never counts again
    PrimaryKeyConstraint("key", "source_id"),
    sqlite_with_rowid=False,
)

entry = Table(
    "entry",
    metadata,
    Column("id", Row, primary_key=True, autoincrement=False),  # that of its first article
    Column("lead_id", Row, nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("moves", Integer, nullable=False),  # how often `updated` has moved
    Column("first_seen", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("listed", BigInteger),  # when it first entered a section
    Column("printed", Boolean, nullable=False),  # it has stood in a published file: it has a page for ever
    Column("version", BigInteger, nullable=False),  # of the store's content, at its last change
)
Index(
    "entry_listed",
    entry.c.listed,
    sqlite_where=entry.c.listed.is_not(None),
)
Index("entry_printed", entry.c.version, sqlite_where=entry.c.printed)
Index("entry_first_seen", entry.c.first_seen)


def _anchors(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("hash", BigInteger, nullable=False),  # of a shingle of a text of the entry
        Column("entry_id", Row, nullable=False),  # grows with time: the window is a comparison
        PrimaryKeyConstraint("hash", "entry_id"),
        sqlite_with_rowid=False,
    )


anchor = _anchors("anchor")  # of the last articles
kept_anchor = _anchors("kept_anchor")  # of those before, carried over in order

story = Table(  # while entries may join it
    "story",
    metadata,
    Column("id", Row, primary_key=True, autoincrement=False),  # that of its first entry
    Column("language", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("began", BigInteger, nullable=False),  # publication of its first entry
    Column("last", BigInteger, nullable=False),  # and of its newest
    Column("seen", BigInteger, nullable=False),  # when it last grew
    Column("vector", LargeBinary, nullable=False),
    Column("indexed", LargeBinary, nullable=False),  # its terms in `story_term`
)
Index("story_seen", story.c.seen)

story_term = Table(
    "story_term",
    metadata,
    Column("term", BigInteger, nullable=False),
    Column("story_id", Row, nullable=False),
    PrimaryKeyConstraint("term", "story_id"),
    sqlite_with_rowid=False,
)

story_entry = Table(  # an entry without a row is the first of its own story
    "story_entry",
    metadata,
    Column("entry_id", Row, primary_key=True, autoincrement=False),
    Column("story_id", Row, nullable=False),
    Column("place", Integer, nullable=False),  # in the order in which they came; 0: the first
    Column("evidence", Text, nullable=False),  # JSON of Grouped
)
Index("story_entry_story", story_entry.c.story_id, story_entry.c.place)

lexicon = Table(
    "lexicon",
    metadata,
    Column("language", Text, primary_key=True),
    Column("articles", Integer, nullable=False),  # that were counted
    Column("counts", LargeBinary, nullable=False),  # of articles by hash of a term, 16 bits each
)

alias = Table(  # an entry that was found to be another one: its page leads there
    "alias",
    metadata,
    Column("entry_id", Row, primary_key=True, autoincrement=False),
    Column("into_id", Row, nullable=False),  # the entry that it went into, which may be an alias itself
)
Index("alias_into", alias.c.into_id)

origin = Table(  # of the articles of an alias: `article.entry_id` is where they stand
    "origin",
    metadata,
    Column("article_id", Row, primary_key=True, autoincrement=False),
    Column("entry_id", Row, nullable=False),  # the entry that they came with, and leave with
)
Index("origin_entry", origin.c.entry_id)

decision = Table(  # of a person, or of the rules: a late merge, a late split
    "decision",
    metadata,
    Column("id", Row, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("entry_id", Row, nullable=False),  # that stays, or lives
    Column("other_id", Row, nullable=False),  # that came out, or went in
    Column("data", Text, nullable=False),  # JSON of Decision
)
Index("decision_entry", decision.c.entry_id)
Index("decision_other", decision.c.other_id)

no_join = Table(  # entries that were split and never become one again by themselves
    "no_join",
    metadata,
    Column("low_id", Row, nullable=False),
    Column("high_id", Row, nullable=False),
    Column("decision_id", Row, nullable=False),
    PrimaryKeyConstraint("low_id", "high_id"),
    sqlite_with_rowid=False,
)

section = Table(
    "section",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("rules", BigInteger),  # fingerprint of what decided membership
    Column("version", BigInteger, nullable=False),  # of the store's content, at its last change
    Column("updated", BigInteger),  # of the feed; never goes back
    Column("as_of", BigInteger),  # when it was last selected: files are rendered as of then
    Column("next_change", BigInteger),  # when age alone changes the selection
)

entry_section = Table(
    "entry_section",
    metadata,
    Column("section_id", Integer, nullable=False),
    Column("entry_id", Row, nullable=False),
    Column("first", BigInteger, nullable=False),  # when it entered the section
    PrimaryKeyConstraint("entry_id", "section_id"),
    sqlite_with_rowid=False,
)
Index("entry_section_first", entry_section.c.section_id, entry_section.c.first, entry_section.c.entry_id)

poll = Table(
    "poll",
    metadata,
    Column("id", Row, primary_key=True, autoincrement=True),
    Column("source_id", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("data", Text, nullable=False),  # JSON of Poll
)
Index("poll_source", poll.c.source_id, poll.c.id)
Index("poll_at", poll.c.at)

output = Table(
    "output",
    metadata,
    Column("folder", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("version", BigInteger, nullable=False),  # the content version that the files show
    Column("look", BigInteger, nullable=False),  # fingerprint of configuration and templates
    PrimaryKeyConstraint("folder", "section"),
)


@event.listens_for(metadata, "before_create")
def _as_partial(created: MetaData, connection: Connection, **_: object) -> None:
    """Gives the indexes of PostgreSQL the condition that those of SQLite have.

    Here and not beside it, because SQLAlchemy loads the whole dialect (20 ms) for a word of it, on SQLite as well.
    """
    if connection.dialect.name != "postgresql":
        return
    for index in (index for table in created.tables.values() for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
