"""A real Matrix server on the loopback, and a wire between one client and it that writes down."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import importlib.util
import json
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

HOST = "127.0.0.1"
MISSING = (
    "this test needs {}: pip install 'safelight[matrix]' (Linux or macOS; wheels for x86-64 and "
    "arm64, elsewhere Synapse needs a Rust compiler)"
)
_START_S = 120.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _configuration(folder: Path, port: int, secret: str) -> dict[str, Any]:
    """Loopback alone, no federation, no previews, no limits; JSON is YAML too."""
    unlimited = {"per_second": 10_000, "burst_count": 10_000}
    listener = {
        "port": port,
        "bind_addresses": [HOST],
        "type": "http",
        "resources": [{"names": ["client"]}],
    }
    return {
        "server_name": "example.com",
        "report_stats": False,
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "pid_file": str(folder / "pid"),
        "log_config": str(folder / "log.yaml"),
        "signing_key": f"ed25519 a_test {b64encode(secrets.token_bytes(32)).decode().rstrip('=')}",
        "registration_shared_secret": secret,
        "macaroon_secret_key": secrets.token_hex(),
        "form_secret": secrets.token_hex(),
        "bcrypt_rounds": 4,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "url_preview_enabled": False,
        "presence": {"enabled": False},
        "rc_message": unlimited,
        "rc_registration": unlimited,
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), unlimited),
        "rc_joins": dict.fromkeys(("local", "remote"), unlimited),
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), unlimited),
        "rc_room_creation": unlimited,
    }


def _log_configuration(folder: Path) -> dict[str, Any]:
    file = {"class": "logging.FileHandler", "filename": str(folder / "homeserver.log"),
            "formatter": "plain"}  # fmt: skip
    return {
        "version": 1,
        "formatters": {"plain": {"format": "%(asctime)s %(name)s %(levelname)s %(message)s"}},
        "handlers": {"file": file},
        "root": {"level": "INFO", "handlers": ["file"]},
        "disable_existing_loggers": False,
    }


@dataclass
class Server:
    """A running Synapse. folder: its database, its log and whatever else it writes."""

    folder: Path
    port: int
    secret: str
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def register(self, name: str, password: str) -> str:
        """A new user by the shared secret; returns the user id."""
        path = "/_synapse/admin/v1/register"
        nonce = self._call("GET", path)["nonce"]
        parts = "\0".join((nonce, name, password, "notadmin")).encode()
        mac = hmac.new(self.secret.encode(), parts, hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": password, "admin": False, "mac": mac}
        return str(self._call("POST", path, body)["user_id"])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(180)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        connection.request(method, path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, f"{method} {path}: {answer.status}"
        return json.loads(content)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Synapse, started for this test; it fails, and says why, where that cannot be done."""
    for module, package in (("synapse", "matrix-synapse"), ("nio", "matrix-nio")):
        if importlib.util.find_spec(module) is None:
            pytest.fail(MISSING.format(package))
    folder, port, secret = tmp_path / "server", _free_port(), secrets.token_hex()
    folder.mkdir()
    config = folder / "homeserver.yaml"
    config.write_text(json.dumps(_configuration(folder, port, secret)))
    (folder / "log.yaml").write_text(json.dumps(_log_configuration(folder)))
    said = (folder / "output").open("wb")
    command = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)]
    process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
    running = Server(folder, port, secret, process)
    try:
        _wait_for(running)
        yield running
    finally:
        running.stop()
        said.close()


def _wait_for(server: Server) -> None:
    for _ in range(int(_START_S / 0.1)):
        if server.process.poll() is not None:
            break
        try:
            socket.create_connection((HOST, server.port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"Synapse did not start: {(server.folder / 'output').read_text()[-2000:]}")


@dataclass(frozen=True)
class Request:
    """What somebody between the client and the server could see of a request, and more.

    position: of a sync, the number in the stream of room events from which it asks.
    """

    method: str
    path: str
    query: tuple[str, ...]
    headers: tuple[str, ...]
    body: bytes
    position: int
    whole: bytes = field(repr=False)

    @property
    def shape(self) -> tuple[object, ...]:
        """All of it but the place in the stream, which grows with every message of anyone."""
        return self.method, self.path, self.query, self.headers, len(self.body)


class Wire:
    """Passes requests on to a server, as they are, and writes them down."""

    def __init__(self, port: int) -> None:
        self.requests: list[Request] = []
        self._open = 0
        self._moved = threading.Condition()
        self._port = port
        self._http = ThreadingHTTPServer((HOST, 0), self._handler())
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._http.server_address[1]}"

    def position(self) -> int:
        """How far in the stream of room events the client's latest sync has come; 0 at first."""
        return self.requests[-1].position if self.requests else 0

    def wait_for(self, position: int, *, seconds: float = 180.0) -> None:
        """Wait until the client has taken what came up to `position` and the server holds its
        next sync."""

        def listening() -> bool:
            return self._open == 1 and self.position() >= position

        with self._moved:
            assert self._moved.wait_for(listening, seconds), "the client did not sync again"

    def settle(self, seconds: float = 1.5) -> int:
        """Wait until nothing moves for a while; return how many requests there were."""
        with self._moved:
            while self._moved.wait(seconds):
                pass
            return len(self.requests)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _record(self, request: Request | None) -> None:
        with self._moved:
            self._open += 1 if request else -1
            if request:
                self.requests.append(request)
            self._moved.notify_all()

    def _handler(wire) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urlsplit(self.path)
                asked = dict(parse_qsl(parts.query))
                since = re.match(r"s(\d+)_", asked.get("since", ""))
                seen = f"{self.command} {self.path}\n{self.headers}".encode() + body
                request = Request(
                    self.command, parts.path, tuple(asked), tuple(self.headers.keys()), body,
                    int(since[1]) if since and parts.path.endswith("/sync") else 0, seen,
                )  # fmt: skip
                wire._record(request)
                try:
                    upstream = http.client.HTTPConnection(HOST, wire._port, timeout=120)
                    upstream.request(self.command, self.path, body, dict(self.headers))
                    answer = upstream.getresponse()
                    content = answer.read()
                    upstream.close()
                except (OSError, http.client.HTTPException):
                    # The server went away, and with it this connection.
                    self.close_connection = True
                    return
                finally:
                    wire._record(None)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = _pass

        return Handler


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    """A wire to the server."""
    line = Wire(server.port)
    yield line
    line.close()


@pytest.fixture
def holds() -> Callable[[Path, str], list[str]]:
    """Return a function: the names of the files under a folder in which some bytes stand."""

    def search(folder: Path, text: str) -> list[str]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        # JSON in a database spells what is not ASCII in more than one way.
        spellings = {text.encode(), json.dumps(text)[1:-1].encode()}
        return [p.name for p in files if any(s in p.read_bytes() for s in spellings)]

    return search
