import pytest

from feeds.model import Category
from feeds.normalise.categories import access, categories


def terms(*said):
    return [category.term for category in categories(tuple(Category(term=term) for term in said))]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["Sea, Ports, Trade"], ["Sea", "Ports", "Trade"]),
        (["Sea; Ports; Trade"], ["Sea", "Ports", "Trade"]),
        (["Sea | Ports | Trade"], ["Sea", "Ports", "Trade"]),
        (["\n  sea\n  ports and quays\n"], ["sea", "ports and quays"]),
        (["Washington, D.C."], ["Washington, D.C."]),
        (["Food, Drink, and what to do with them"], ["Food, Drink, and what to do with them"]),
        (["Sea, Ports, Trade", "World"], ["Sea, Ports, Trade", "World"]),
        (["World", "harbour " * 14], ["World"]),
        (["17", "2026", "G20", "--"], ["G20"]),
        (["Uncategorized", "Non classé", "World"], ["World"]),
        (["Arts &amp; Crafts"], ["Arts & Crafts"]),
    ],
)
def test_what_counts_as_a_category(said, expected):
    assert terms(*said) == expected


def test_a_number_with_a_label_is_one():
    assert categories((Category(term="17", label="Sea"),)) == (Category(term="17", label="Sea"),)


@pytest.mark.parametrize(("term", "expected"), [("PAID", True), ("FREE", False)])
def test_who_must_pay_is_no_category(term, expected):
    said = (Category(term="World"), Category(term=term, scheme="AccessClassName"))
    assert (access(said), categories(said)) == (expected, (Category(term="World"),))


def test_most_categories_say_nothing_of_payment():
    assert access((Category(term="PAID"),)) is False
