"""The shape of the TOML file: its tables and keys, what each may hold, and the words that editors show for them.

Durations stay text here, so that the schema speaks of what is written.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from feeds.config import checks
from feeds.model import ContentPolicy, ImagePolicy, LinkPolicy, SourceKind, StoryPolicy
from feeds.sections import MAX_ENTRIES

_NAME_SCHEMA = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$"}

Line = Annotated[str, AfterValidator(checks.line)]
Prose = Annotated[str, AfterValidator(checks.prose)]
Name = Annotated[str, AfterValidator(checks.name), WithJsonSchema(_NAME_SCHEMA)]
SectionName = Annotated[
    str,
    AfterValidator(checks.section_name),
    WithJsonSchema(_NAME_SCHEMA | {"not": {"enum": list(checks.RESERVED)}}),
]
Language = Annotated[str, AfterValidator(checks.language)]
TimeZone = Annotated[str, AfterValidator(checks.timezone)]
Address = Annotated[str, AfterValidator(checks.http_url)]
HeaderName = Annotated[str, AfterValidator(checks.header_name)]
HeaderValue = Annotated[str, AfterValidator(checks.header_value)]
Keyword = Annotated[str, AfterValidator(checks.pattern("keywords"))]
CategoryName = Annotated[str, AfterValidator(checks.pattern("categories"))]
Selector = Annotated[str, AfterValidator(checks.selector)]
UrlPattern = Annotated[str, AfterValidator(checks.pattern("urls"))]


_DURATION_SCHEMA = WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,6}[smhd]$"})
Keep = Annotated[str, AfterValidator(checks.duration("30d", "36500d")), _DURATION_SCHEMA]
Interval = Annotated[str, AfterValidator(checks.duration("1m", "30d")), _DURATION_SCHEMA]
Spacing = Annotated[str, AfterValidator(checks.duration("0s", "1h")), _DURATION_SCHEMA]
Deadline = Annotated[str, AfterValidator(checks.duration("1s", "10m")), _DURATION_SCHEMA]
FirstAge = Annotated[str, AfterValidator(checks.duration("0s", "3650d")), _DURATION_SCHEMA]
Window = Annotated[str, AfterValidator(checks.duration("0s", "30d")), _DURATION_SCHEMA]
SummaryWords = Annotated[int, Field(ge=5, le=500)]
MaxAge = Annotated[str, AfterValidator(checks.duration("1h", "36500d")), _DURATION_SCHEMA]


class Table(BaseModel):
    """A table: no unknown keys, no guessed types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class RulesTable(Table):
    """Patterns over articles; any one that hits is a hit."""

    categories: list[CategoryName] = Field(
        default=[], description="Terms or labels of categories, case and accents ignored."
    )
    keywords: list[Keyword] = Field(
        default=[],
        description="Whole words in title, summary and categories, case and accents ignored; /…/ is an expression.",
    )
    urls: list[UrlPattern] = Field(
        default=[], description="Globs over the whole URL, such as */live/*; /…/ is an expression."
    )
    languages: list[Language] = Field(default=[], description='Language tags; "en" is also "en-GB".')


class SiteTable(Table):
    """The site as its readers see it."""

    title: Line = Field(description="The site's name.")
    base_url: Annotated[str, AfterValidator(checks.base_url)] = Field(
        description="The address under which the output folder is published."
    )
    contact: Annotated[str, AfterValidator(checks.contact)] | None = Field(
        default=None, description="An e-mail or web address that publishers find in the User-Agent."
    )
    description: Prose | None = Field(default=None, description="What the site is, in a sentence.")
    language: Language = Field(default="en", description="The language of the pages.")
    timezone: TimeZone = Field(default="UTC", description="The time zone of the pages' dates.")
    rights: Prose | None = Field(default=None, description="A line about rights, for every feed.")
    summary_words: SummaryWords = Field(
        default=60, description="The longest summary, in words; in Chinese and the like twice as many characters."
    )
    output: Annotated[str, AfterValidator(checks.folder)] = Field(
        default="public", description="The folder that is published; relative to this file."
    )


def _or_file(schema: dict[str, Any]) -> None:
    """Either the URL or the file that holds it; `secrets.expand` makes one of the two."""
    properties = schema["properties"]
    properties["url_file"] = {"type": "string", "description": "A file that holds the URL; relative to this file."}
    if "url" in schema.get("required", ()):
        schema["required"] = [key for key in schema["required"] if key != "url"]
        schema["oneOf"] = [{"required": ["url"]}, {"required": ["url_file"]}]


class StoreTable(Table):
    """Where articles are kept."""

    model_config = ConfigDict(json_schema_extra=_or_file)

    url: Annotated[str, AfterValidator(checks.database)] = Field(
        default="sqlite:///copydesk.db",
        description="sqlite:///FILE, relative to this file, or postgresql+psycopg://…; ${NAME} is a secret.",
    )
    keep: Keep = Field(default="365d", description="How long articles are kept at least; nothing is removed yet.")


class PollingTable(Table):
    """How sources are asked."""

    interval: Interval = Field(default="30m", description="The interval of a source that names none.")
    workers: int = Field(default=16, ge=1, le=256, description="Requests at a time, over all hosts.")
    per_host: int = Field(default=1, ge=1, le=64, description="Requests at a time to one host.")
    spacing: Spacing = Field(default="1s", description="The pause between two requests to one host.")
    deadline: Deadline = Field(default="60s", description="The end of a request, redirects included.")
    first_items: int = Field(
        default=10, ge=0, le=MAX_ENTRIES, description="How many items of a source's first poll may enter sections."
    )
    first_age: FirstAge = Field(default="48h", description="How old these may be.")
    wire_bytes: int = Field(
        default=8 * 1024 * 1024, ge=1_024, le=2**30, description="The largest answer, as it arrives."
    )
    decoded_bytes: int = Field(
        default=16 * 1024 * 1024, ge=1_024, le=2**30, description="The largest answer, decompressed."
    )


class SectionTable(Table):
    """One section: what belongs to it, and the shape of its feeds."""

    title: Line = Field(description="The section's name as readers see it.")
    description: Prose | None = Field(default=None, description="What the section is, in a sentence.")
    language: Language | None = Field(default=None, description="The language that its feeds declare.")
    languages: list[Language] = Field(default=[], description="Only articles in these; none means all.")
    match: RulesTable = Field(default=RulesTable(), description="What belongs to it besides what its sources send.")
    exclude: RulesTable = Field(default=RulesTable(), description="What never belongs to it.")
    limit: int = Field(default=100, ge=1, le=MAX_ENTRIES, description="How many entries its feeds hold.")
    window: Window = Field(default="48h", description="Everything newer is held, up to 500 entries.")
    max_age: MaxAge | None = Field(default=None, description="What is older leaves; the last ten stay.")
    per_source: int | None = Field(
        default=None, ge=1, le=MAX_ENTRIES, description="At most so many entries of one source."
    )
    stories: StoryPolicy = Field(
        default="group",
        description="Entries about the same event lead to one another (group), are one (merge), or neither (off).",
    )


class PageTable(Table):
    """Where things stand on a page, as CSS selectors; what is left out is found without."""

    items: Selector | None = Field(default=None, description="Each article of a list; the others are looked for in it.")
    title: Selector | None = Field(default=None, description="The headline.")
    link: Selector | None = Field(default=None, description="What leads to the article; else the first link.")
    summary: Selector | None = Field(default=None, description="The lines under the headline.")
    date: Selector | None = Field(default=None, description="The date; its `datetime` or `content` counts first.")
    author: Selector | None = Field(default=None, description="Who wrote it.")
    body: Selector | None = Field(default=None, description="The text, on the article's own page.")


class SourceTable(Table):
    """One source; its name is its identity."""

    model_config = ConfigDict(json_schema_extra=_or_file)

    url: Address = Field(description="The feed's address; ${NAME} is a secret from the environment.")
    kind: SourceKind = Field(default="auto", description="What is read there; auto is a feed or a news sitemap.")
    page: PageTable = Field(default=PageTable(), description='With kind = "page": where things stand on it.')
    title: Line | None = Field(default=None, description="Its name as readers see it; else what the feed calls itself.")
    home: Address | None = Field(default=None, description="The publisher's page.")
    formerly: list[Name] = Field(default=[], description="Names that it had; their history is its own.")
    disabled: bool = Field(default=False, description="Not polled; what it brought stays.")
    interval: Interval | None = Field(default=None, description="A fixed interval, whatever the server hints.")
    priority: Annotated[int, Field(ge=-1000, le=1000)] = Field(
        default=0, description="Among copies the higher one leads."
    )
    sections: list[str] = Field(default=[], description="The sections that all its articles belong to.")
    language: Language | None = Field(default=None, description="The language where the feed declares none.")
    timezone: TimeZone | None = Field(default=None, description="The zone of dates that name none.")
    headers: dict[HeaderName, HeaderValue] = Field(
        default={}, description="Request headers; ${NAME} is a secret, NAME_file a file that holds the value."
    )
    content: ContentPolicy = Field(default="summary", description="How much of an article is published.")
    full_text: bool = Field(
        default=False,
        description="Ask each article's own page for the text, where robots.txt allows it; never behind a paywall.",
    )
    link: LinkPolicy | None = Field(
        default=None, description="Where a headline leads; else page for full, or original."
    )
    images: ImagePolicy = Field(default="link", description='What is done with pictures; "copy" is as "link" so far.')
    rights: Prose | None = Field(default=None, description="The publisher's line about rights.")
    note: Prose | None = Field(default=None, description="A note to yourselves; not published.")
    private: bool = Field(
        default=False, description="Published by name and home page only; its host may be of your own network."
    )
    paywall: bool = Field(default=False, description="Readers must pay there; an open copy leads.")
    summary_words: SummaryWords | None = Field(
        default=None, description="The longest summary, in words, where the site's is not right for it."
    )
    dedupe: bool = Field(default=True, description="Whether its articles join those of others.")
    drop: RulesTable = Field(default=RulesTable(), description="What is not taken from it.")


class File(Table):
    """The whole file."""

    site: SiteTable
    store: StoreTable = StoreTable()
    polling: PollingTable = PollingTable()
    drop: RulesTable = Field(default=RulesTable(), description="What is taken from no source.")
    sections: dict[SectionName, SectionTable] = Field(default={}, description="[sections.NAME]")
    sources: dict[Name, SourceTable] = Field(default={}, description="[sources.NAME]")


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    shape = File.model_json_schema()
    for key in ("sections", "sources"):
        shape["properties"][key]["additionalProperties"] = False  # pydantic leaves names of another pattern free
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | shape | {"title": "Copydesk's configuration"}
