"""nginx in front of the dashboard, as a municipality's own: it asks who it is, and says so."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

HOST = "ai.example.dk"
FROM = "127.0.0.2"
"""Where nginx asks from; whoever goes round it asks from 127.0.0.1."""

_SERVER = """
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{app};
      proxy_bind {from_};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto http;
      proxy_set_header X-Remote-User "{who}";
    }}
  }}"""
_WHOLE = """daemon off; worker_processes 1; pid {place}/pid; error_log {place}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {place}/a; proxy_temp_path {place}/b; fastcgi_temp_path {place}/c;
  uwsgi_temp_path {place}/d; scgi_temp_path {place}/e;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
{servers}
}}
"""


@contextmanager
def nginx(place: Path, app: int, people: dict[int, str]) -> Iterator[None]:
    """A door for each person: by port, who asks there."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("no nginx on this machine")
    place.mkdir()
    servers = "".join(
        _SERVER.format(port=port, app=app, from_=FROM, who=who) for port, who in people.items()
    )
    file = place / "nginx.conf"
    file.write_text(_WHOLE.format(place=place, servers=servers), encoding="utf-8")
    server = subprocess.Popen([program, "-e", str(place / "error.log"), "-c", str(file)])
    try:
        _wait_for(next(iter(people)), server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert server.poll() is None, "nginx ended"
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
        except HTTPError:
            return
        except (URLError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("nginx did not answer")
