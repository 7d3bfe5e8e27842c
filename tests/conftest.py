"""What holds for every test: settings of hypothesis, and tests that need a system package."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

# Steady: the same examples in every run. HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# Command -> Debian's package, where the two differ.
PACKAGES = {"nginx": "nginx-light", "sfeed_update": "sfeed"}
# Debian keeps servers where the PATH of an ordinary user does not look.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])

missing: dict[str, int] = {}  # package -> how many tests it would take


def lacking(item):
    """The packages that a test marked `system` needs and that are not here."""
    commands = [command for marker in item.iter_markers("system") for command in marker.args]
    if not commands and item.get_closest_marker("system"):
        raise pytest.UsageError(f'{item.nodeid}: say which command it needs, as in @pytest.mark.system("newsboat")')
    return sorted({PACKAGES.get(name, name) for name in commands if not shutil.which(name, path=SEARCH_PATH)})


def pytest_collection_modifyitems(config, items):
    if os.environ.get("COPYDESK_REQUIRE_SYSTEM"):
        return
    wanting = {item: packages for item in items if (packages := lacking(item))}
    for packages in wanting.values():
        for package in packages:
            missing[package] = missing.get(package, 0) + 1
    if wanting:
        config.hook.pytest_deselected(items=list(wanting))
        items[:] = [item for item in items if item not in wanting]


def pytest_runtest_setup(item):
    if packages := lacking(item):
        pytest.fail(f"needs a system package: apt install {' '.join(packages)}", pytrace=False)


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["missing"] = missing


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """With xdist the workers collect, and every one collects the same."""
    missing.update(getattr(node, "workeroutput", {}).get("missing", {}))


def pytest_terminal_summary(terminalreporter):
    if missing:
        packages = " ".join(sorted(missing))
        terminalreporter.write_line(f"Left out what needs a system package; to run it too: apt install {packages}")
