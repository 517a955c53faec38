"""``sqlite:///path``: which file it names, and whether that can be used."""

from __future__ import annotations

import os
from pathlib import Path

SQLITE = "sqlite:///"


def sqlite_path(url: str) -> Path:
    """Return the file that *url* names.

    :raises ValueError: when SQLite or SQLAlchemy would read it as something else.
    """
    path = url.removeprefix(SQLITE)
    if ":memory:" in path or "mode=memory" in path:
        raise ValueError("write 'memory:' for a store in the memory of each process")
    if path.startswith("file:"):
        raise ValueError("it takes a plain path, not a URI of SQLite")
    if "?" in path or "#" in path:
        raise ValueError("it takes a plain path, without options")
    if path.startswith("~"):
        raise ValueError("'~' stands for no folder here; write the whole path")
    if any(letter < " " for letter in path) or not path.strip():
        raise ValueError("it holds no path")
    return Path(path)


def check_path(path: Path) -> None:
    """Check that *path* is a file that can be written, or can be made.

    :raises ValueError: saying why not.
    """
    try:
        if path.exists():
            if not path.is_file():
                raise ValueError(f"{path} is not a file")
            if not os.access(path, os.R_OK | os.W_OK):
                raise ValueError(f"{path} cannot be read and written")
        folder = path.parent
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            raise ValueError(f"{folder} is not a folder")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ValueError(f"the folder {folder} cannot be written")
    except OSError as error:  # a name that is too long, say
        raise ValueError(f"{error.strerror}") from None
