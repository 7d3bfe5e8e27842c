"""The published site under a real browser and real feed readers."""

import functools
import http.server
import shutil
import sqlite3
import subprocess
import threading

import pytest

from feeds.model import Section, Site, Source
from feeds.publish import atom, html, paths, rss
from feeds.publish.files import Output
from tests.publish.samples import article, edition, full_edition, rich_view, view
from tests.values import replace

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 3


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site_url(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=root))
    address = f"http://127.0.0.1:{server.server_port}/"
    publish(root, Site(title="Harbour Wire", base_url=address, description="News of the coast"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


def publish(root, site):
    sections = tuple(Section(name=f"s{n}", title=f"Section {n}") for n in range(12))
    made = replace(full_edition(40), site=site, section=sections[0], sections=sections)
    wide = view(
        article(
            "wide",
            title=LONG,
            content=f"<p>{LONG}</p><pre>{LONG}</pre><table><tr>{'<td>cell of a table</td>' * 30}</tr></table>",
        ),
        content_policy="full",
    )
    made = replace(made, entries=(wide, *made.entries))
    sources = [Source(name="gazette", title=LONG, url="https://gazette.example/rss", note=LONG)]
    Output(root).write_all(
        [
            *html.theme(),
            *html.section_pages(made),
            html.front_page(site, [made]),
            html.sources_page(site, sources, sections),
            html.entry_page(site, wide, sections),
        ]
    )


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


PAGES = ["", "s0/", "s0/page-2.html", paths.SOURCES, paths.entry_path(article("wide").id)]


@pytest.mark.system("chromium")
@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_page_whole(browser, site_url, path):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page, trouble = context.new_page(), []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("requestfailed", lambda request: trouble.append(request.url))
    page.goto(site_url + path)
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert (trouble, width) == ([], 390)


@pytest.mark.system("chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_style_sheet_is_applied(browser, site_url, scheme):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(site_url)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    assert colour == {"light": "rgb(253, 252, 249)", "dark": "rgb(20, 23, 26)"}[scheme]


MARKUP = "<b>Bold</b> &amp; <title>"


@pytest.fixture(params=[atom.render, rss.render], ids=["atom", "rss"])
def feed(request):
    return request.param(edition(rich_view(), view(article("b", title=f"{MARKUP} AT&T < others")))).data


SEEN = [
    ("Ferry line rich reopens", "https://gazette.example/rich", article("rich").id),
    (f"{MARKUP} AT&T < others", "https://gazette.example/b", article("b").id),
]


@pytest.mark.system("sfeed")
def test_sfeed_reads_the_feed(feed):
    lines = (
        subprocess.run(["sfeed"], input=feed, capture_output=True, check=True, timeout=20).stdout.decode().splitlines()
    )
    assert [(f[1].replace("\u2060", ""), f[2], f[5]) for f in (line.split("\t") for line in lines)] == SEEN


@pytest.mark.system("newsboat")
def test_newsboat_reads_the_feed(feed, tmp_path):
    (tmp_path / "feed.xml").write_bytes(feed)
    (tmp_path / "urls").write_text(f"file://{tmp_path}/feed.xml\n")
    (tmp_path / "config").write_text("")
    subprocess.run(
        ["newsboat", "-q", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"],
        cwd=tmp_path, env={"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        check=True, timeout=30, capture_output=True,
    )  # fmt: skip
    with sqlite3.connect(tmp_path / "cache.db") as store:
        rows = store.execute("select title, url, guid from rss_item order by id").fetchall()
    assert sorted((title.replace("\u2060", ""), *more) for title, *more in rows) == sorted(SEEN)
