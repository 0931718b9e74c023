"""A PostgreSQL server for as long as it is needed, in a folder of its own, on no network."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAMS = Path("/usr/lib/postgresql")


def there() -> bool:
    """Whether the server's programs are installed."""
    return any(_PROGRAMS.glob("*/bin/initdb"))


@contextmanager
def server(options: str = "") -> Iterator[Path]:
    """The folder of the socket of a server; its account is `postgres`, its database too."""
    home = Path(tempfile.mkdtemp(prefix="htkpg"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    try:
        run(home, "initdb", "-D", str(home / "data"), "-A", "trust", "-U", "postgres", "-N",
            "--locale=C.UTF-8", "--encoding=UTF8")  # fmt: skip
        whole = f"-k {home} -c listen_addresses='' {options}"
        run(home, "pg_ctl", "-D", str(home / "data"), "-l", str(home / "log"), "-w",
            "-o", whole, "start")  # fmt: skip
        try:
            yield home
        finally:
            run(home, "pg_ctl", "-D", str(home / "data"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def run(folder: Path, program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs, by the account that may run it."""
    binary = max(_PROGRAMS.glob(f"*/bin/{program}"))
    command = [str(binary), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)
