"""The socket around the simulated server: HTTP/1.1 on the loopback, and broken connections on demand."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from .accounts import ROBOT, write_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .faults import Reply
    from .sim import Sim

# Linger on, for no time: closing then sends a reset instead of an orderly end.
_RESET = struct.pack("ii", 1, 0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: otherwise each reply waits for the client's delayed acknowledgement (40 ms).
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    server: _Server

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.enter()
        try:
            reply = self.server.sim.handle(self.command, path, query, headers, body)
            if reply.delay:
                self.server.stop.wait(reply.delay)
            self._send(reply)
        except (BrokenPipeError, ConnectionError):
            self.close_connection = True  # the client went away: its own affair
        finally:
            self.server.leave()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - http.server wants these names

    def _send(self, reply: Reply) -> None:
        if reply.wire == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RD)
            self.connection.close()
            return
        if reply.wire == "stall":
            self.server.stop.wait()
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.wire == "truncate":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
            return
        self.wfile.write(reply.body)

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, OSError, ValueError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is given
        """Say nothing: the calls are in ``sim.calls``."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Stalled connections must not hold up the end of a test.
    block_on_close = False

    def __init__(self, sim: Sim, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.sim = sim
        self.stop = threading.Event()
        self._busy = 0
        self._count = threading.Lock()

    def enter(self) -> None:
        with self._count:
            self._busy += 1

    def leave(self) -> None:
        with self._count:
            self._busy -= 1

    def handle_error(self, request: object, client_address: object) -> None:
        """A fault in the server itself must fail the test, not vanish in a thread."""
        import traceback

        self.sim.failures.append(f"the server broke: {traceback.format_exc()}")


class Running:
    """A server that is up. ``url`` is the one prefix for Sheets, Drive and tokens."""

    def __init__(self, sim: Sim, server: _Server) -> None:
        self.sim = sim
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_address[1]}"

    def key_file(self, folder: Path, email: str = ROBOT) -> Path:
        """Write a throw-away service account key that gets its tokens here."""
        return write_key(folder / "service-account.json", f"{self.url}/token", email)


@contextlib.contextmanager
def serve(sim: Sim, port: int = 0) -> Iterator[Running]:
    """Serve until the block ends; port 0 takes any free one."""
    server = _Server(sim, port)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield Running(sim, server)
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def wait() -> None:
    """Wait until somebody presses Ctrl+C."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)
