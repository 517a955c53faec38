"""Which tests one worker of pytest-xdist runs together; all of them share the others.

pytest-xdist 3.8 with pytest 9.2 does not see the mark ``xdist_group``:
https://github.com/pytest-dev/pytest-xdist/issues/1386
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

#: Two clusters at a time would be more than two cores can run.
FOLDERS = ("tests/cluster/", "tests/deploy/")
#: A browser starts once: its tests, which have its name first among their parameters, are together.
ENGINES = ("tests/engines/", ("firefox", "webkit"))
#: The tests of each share what takes long to make: a build, a wheel, processes.
FILES = {
    "tests/browser/test_origins_browser.py",
    "tests/cli/test_fake.py",
    "tests/clients/test_js_client.py",
    "tests/docs/test_scale.py",
    "tests/observability/test_rules.py",
    "tests/packaging/test_wheel.py",
    "tests/property/test_script_searches_the_same.py",
    "tests/testing/test_fake_loader.py",
    "tests/testing/test_process.py",
}


class SharedScheduling(LoadScopeScheduling):
    """One worker runs each of :data:`FOLDERS`, :data:`ENGINES` and :data:`FILES`."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in FOLDERS:
            if nodeid.startswith(folder):
                return folder
        folder, engines = ENGINES
        for engine in engines:
            if nodeid.startswith(folder) and f"[{engine}" in nodeid:
                return folder + engine
        file = nodeid.partition("::")[0]
        return file if file in FILES else nodeid
