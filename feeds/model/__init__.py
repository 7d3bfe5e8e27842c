"""The values that travel between the rooms.

All are frozen. Times are aware UTC datetimes, durations `timedelta`, sequences tuples. From `normalise`
on, text is NFC and holds only characters of XML 1.0 `Char`. None means: not said, not known.
"""

from feeds.model.articles import (
    Agency,
    Article,
    Dateline,
    Entry,
    EntryState,
    Grouped,
    Member,
)
from feeds.model.configured import (
    ContentPolicy,
    ImagePolicy,
    LinkPolicy,
    PageSelectors,
    Rules,
    Section,
    Site,
    Source,
    SourceKind,
    StoryPolicy,
)
from feeds.model.polls import (
    Claim,
    DocumentState,
    Outcome,
    Poll,
    SourceState,
    Wanted,
)
from feeds.model.printed import (
    Carrier,
    Document,
    Edition,
    EntryView,
    Sibling,
)
from feeds.model.said import (
    Category,
    Enclosure,
    Geo,
    Image,
    Item,
    ParsedFeed,
    ParsePath,
    Person,
    Problem,
    Related,
    Text,
    TextType,
    Via,
)
from feeds.model.wire import (
    Hop,
    Request,
    Response,
)

__all__ = [
    "Agency",
    "Article",
    "Carrier",
    "Category",
    "Claim",
    "ContentPolicy",
    "Dateline",
    "Document",
    "DocumentState",
    "Edition",
    "Enclosure",
    "Entry",
    "EntryState",
    "EntryView",
    "Geo",
    "Grouped",
    "Hop",
    "Image",
    "ImagePolicy",
    "Item",
    "LinkPolicy",
    "Member",
    "Outcome",
    "PageSelectors",
    "ParsePath",
    "ParsedFeed",
    "Person",
    "Poll",
    "Problem",
    "Related",
    "Request",
    "Response",
    "Rules",
    "Section",
    "Sibling",
    "Site",
    "Source",
    "SourceKind",
    "SourceState",
    "StoryPolicy",
    "Text",
    "TextType",
    "Via",
    "Wanted",
]
