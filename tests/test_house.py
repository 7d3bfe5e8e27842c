"""What the house promises of itself: sizes, docstrings, who is listed where, and words that stay out."""

import ast
import re
import statistics
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "feeds").rglob("*.py"))
PURE = ("dedupe", "domains", "errors", "model", "normalise", "schedule", "sections", "websub")


def name_of(path):
    return str(path.relative_to(ROOT))


def tracked():
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines(function):
    """How long a function is without its docstring."""
    documented = ast.get_docstring(function) is not None
    docstring = function.body[0].end_lineno - function.body[0].lineno + 1 if documented else 0
    return function.end_lineno - function.lineno + 1 - docstring


@pytest.fixture(scope="module")
def lengths():
    return [lines(function) for path in MODULES for function in functions(ast.parse(path.read_bytes()))]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short(path):
    assert len(path.read_text("utf-8").splitlines()) < 400


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_bytes()))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_import_falls_back_to_another(path):
    handlers = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.ExceptHandler)]
    caught = {
        name.id for handler in handlers for name in ast.walk(handler.type or handler) if isinstance(name, ast.Name)
    }
    assert caught.isdisjoint({"ImportError", "ModuleNotFoundError"})


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_value_is_copied_as_a_dataclass(path):
    imports = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.ImportFrom)]
    assert "replace" not in {one.name for node in imports if node.module == "dataclasses" for one in node.names}


def test_the_typical_function_is_short(lengths):
    assert statistics.median(lengths) <= 10


def test_nine_functions_in_ten_are_not_long(lengths):
    assert statistics.quantiles(lengths, n=10)[-1] <= 35


def test_every_room_that_decides_is_held_to_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = next(c for c in project["tool"]["importlinter"]["contracts"] if c["id"] == "pure")
    built = {f"feeds.{path.stem}" for path in (ROOT / "feeds").iterdir() if path.stem in PURE}
    assert set(contract["source_modules"]) == built


# Put together here, so that this file holds none of them.
HOSTS = re.compile(
    "|".join(re.escape(".".join(host)) for host in [("pypi", "org"), ("pythonhosted", "org"), ("deb", "debian", "org")])
)
MACHINE = re.compile(r"(?<![\w.*-])/(?:" + "|".join(["work", "tmp", "opt", "root", "home/" + r"\w+"]) + r")/")


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE], ids=["registry hosts", "paths of one machine"])
def test_what_stays_out_of_the_project(pattern):
    found = {name_of(path): pattern.search(path.read_text("utf-8", errors="replace")) for path in tracked()}
    assert {name: match.group() for name, match in found.items() if match} == {}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-test.txt"])
def test_pins_name_no_place(file):
    assert re.findall(r"^-.*|\S*://\S*|.* @ .*", (ROOT / file).read_text("utf-8"), re.MULTILINE) == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-test.txt"])
def test_every_pin_has_a_hash(file):
    text = re.sub(r"^\s*#.*\n", "", (ROOT / file).read_text("utf-8"), flags=re.MULTILINE)
    pins = re.split(r"\n(?=\S)", text.strip())
    assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
