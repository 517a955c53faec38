"""What a disk that is full or read-only costs: the sharing, and one log line."""

import logging
import subprocess

import pytest

from lean_flask import ConfigurationError


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 512 kB, where this system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs more rights here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_costs_the_sharing_and_a_log_line(small_disk, make_app, fake_lean, caplog):
    (small_disk / "filler").write_bytes(b"x" * 510_000)
    client = make_app(store_url=f"sqlite:///{small_disk}/store").test_client()
    with caplog.at_level(logging.WARNING):
        assert client.get("/lean/banks").status_code == 200
        assert client.get("/lean/banks").headers["Cache-Status"].startswith("lean; hit")
    assert caplog.text.count("falling back to process memory") == 1
    assert fake_lean.count("banks") == 1


def test_a_disk_that_fills_later_costs_the_sharing(small_disk, make_app, fake_lean):
    client = make_app(store_url=f"sqlite:///{small_disk}/store").test_client()
    client.get("/lean/health")
    with pytest.raises(OSError, match="space"):
        (small_disk / "filler").write_bytes(b"x" * 600_000)
    body, headers = fake_lean.signed(
        fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    )
    assert client.get("/lean/banks").status_code == 200
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 503
    (small_disk / "filler").unlink()
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200


def test_a_disk_that_gets_read_only_costs_the_sharing(small_disk, make_app):
    app = make_app(store_url=f"sqlite:///{small_disk}/folder/store")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert app.test_client().get("/lean/banks").status_code == 200


def test_a_read_only_disk_is_refused_at_registration(small_disk, make_app):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(ConfigurationError, match=r"LEAN_STORE_URL .*cannot be written"):
        make_app(store_url=f"sqlite:///{small_disk}/folder/store")
