import pytest
from lxml import etree

from feeds.parse.repair import cut_back, encoded_twice, repair


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a>\x00x\x0by\ufffe</a>", "<a>xy</a>"),
        ("junk <?xml version='1.0'?>\n<a>x</a>", "<a>x</a>"),
        ("<rss>x</rss> <script>y</script>", "<rss>x</rss>"),
        ("<a>&nbsp;&eacute;&amp;&lt;&what;& </a>", "<a>\xa0é&amp;&lt;&amp;what;&amp; </a>"),
        ("<a>&#8364;&#x20AC;</a>", "<a>&#8364;&#8364;</a>"),
        ("<a>&#150;&#0;&#x1F;&#xD800;&#99999999;</a>", "<a>–</a>"),
        ("<a><![CDATA[& &nbsp; < ]]><!-- & --></a>", "<a><![CDATA[& &nbsp; < ]]><!-- & --></a>"),
        ("<a>1 < 2</a>", "<a>1 &lt; 2</a>"),
        ("<a><dc:x/></a>", '<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:x/></a>'),
        ("<a><odd:y/></a>", '<a xmlns:odd="urn:undeclared:odd"><odd:y/></a>'),
        ("<a xmlns:x='http://www .example'/>", "<a xmlns:x='http://www.example'/>"),
        ("<!DOCTYPE a [<!ENTITY e 'E'><!ENTITY f '&e;'>]><a>&e;&f;</a>", "<a>E&amp;f;</a>"),
    ],
)  # fmt: skip
def test_repair(text: str, expected: str) -> None:
    assert repair(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<rss><channel><item>1</item><item>2", ("<rss><channel><item>1</item></channel></rss>", 1)),
        ("<rss><channel><title>t</title><item>1", ("<rss><channel><title>t</title></channel></rss>", 1)),
        ("<x:RDF><channel/><item>1</item>", ("<x:RDF><channel/><item>1</item></x:RDF>", 0)),
        ("<feed><entry/><entry>1</entry>", ("<feed><entry/><entry>1</entry></feed>", 0)),
        ("<rss><item>1</item></rss>", ("<rss><item>1</item></rss>", 0)),
        ("<rss><channel>", ("<rss><channel>", 0)),
    ],
)
def test_cut_back(text: str, expected: tuple[str, int]) -> None:
    assert cut_back(text) == expected


@pytest.mark.parametrize("text", ["Éléphant à l’été", "Größe", "naïve “quotes”", "ōsōji à"])
def test_text_encoded_twice_is_taken_back(text: str) -> None:
    twice = f"<a>{text.encode().decode('latin-1')}</a>"
    assert (encoded_twice(twice.encode()), repair(twice)) == (True, f"<a>{text}</a>")


@pytest.mark.parametrize("text", ["Spaß»", "«AMANHû, disse", "São Paulo — Ã", "£5 ± 2"])
def test_text_encoded_once_stays(text: str) -> None:
    assert repair(f"<a>{text}</a>") == f"<a>{text}</a>"


def test_repaired_entities_do_not_grow() -> None:
    bomb = f"<!DOCTYPE a [<!ENTITY e '{'x' * 200}'>]><a>{'&e;' * 100_000}</a>"
    assert len(etree.fromstring(repair(bomb)).text or "") < 3_000_000
