"""Articles without their pictures."""

import pytest

from feeds.publish.images import without_images


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>Text &amp; more</p>", "<p>Text &amp; more</p>"),
        ('<p>A <img src="x"> b</p>', "<p>A  b</p>"),
        ('<figure><img src="x"><figcaption>Of <em>what</em></figcaption></figure><p>B</p>', "<p>B</p>"),
        (
            '<figure><img src="x"><blockquote>Said</blockquote></figure>',
            "<figure><blockquote>Said</blockquote></figure>",
        ),
        ('<figure><p>Words</p></figure><img src="x">', "<figure><p>Words</p></figure>"),
        ('<a href="https://a.example/"><img src="x"></a> tail', '<a href="https://a.example/"></a> tail'),
        ('loose <img src="x">\x00text &lt;b&gt;', "loose text &lt;b&gt;"),
    ],
)
def test_pictures_go_and_words_stay(content, expected):
    assert without_images(content) == expected
