"""One publisher at a time."""

import subprocess
import sys
import time

import pytest

from htkeval.errors import EnvironmentFailed
from htkeval.tracking.lock import only_publisher

HOLDER = """
import sys, time
from pathlib import Path
from htkeval.tracking.lock import only_publisher
with only_publisher(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_publisher_waits_and_then_says_who_is_in_the_way(tmp_path):
    said = pytest.raises(EnvironmentFailed, match="the only one that delivers")
    with only_publisher(tmp_path), said as failed, only_publisher(tmp_path, wait=0.1):
        pass
    assert "run `htkeval sync` again" in failed.value.message("en")


def test_the_lock_is_free_again_after_a_failure(tmp_path):
    with pytest.raises(ZeroDivisionError), only_publisher(tmp_path):
        raise ZeroDivisionError
    with only_publisher(tmp_path, wait=0):
        pass


def test_a_publisher_that_was_killed_leaves_no_lock_behind(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(EnvironmentFailed), only_publisher(tmp_path, wait=0.1):
            pass
        holder.kill()
        holder.wait(timeout=10)
        began = time.monotonic()
        with only_publisher(tmp_path, wait=5):
            pass
        assert time.monotonic() - began < 1


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(EnvironmentFailed), only_publisher(tmp_path / "blobs"):
        pass
