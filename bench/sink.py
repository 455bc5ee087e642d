"""A mail server that takes everything, as quickly as Python can, and remembers what it took.

``python -m bench.sink PORT``. Beside SMTP it answers ``COUNT`` and ``SEEN <address>``. The fault tests run it in a
thread, and have it misbehave.
"""

import asyncio
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.IGNORECASE | re.MULTILINE)
ADDRESS = re.compile(rb"<([^>]*)>")
END = b"\r\n.\r\n"
CUT, HANG, SLOW = "cut", "hang", "slow"
SLOW_SECONDS = 1.5


class Taken(NamedTuple):
    """A letter that was taken: what it calls itself, for whom, when, and its words if they are kept."""

    message_id: str
    to: str
    at: float
    content: bytes


class Sink:
    """What was taken, and how it behaves.

    ``trouble(stage, address)`` may answer otherwise than well when somebody connects, names whom it is for (``rcpt``),
    has sent a letter (``data``) or has had it accepted (``accepted``): a reply, ``CUT``, ``HANG`` or, to ``rcpt``,
    ``SLOW``.
    """

    def __init__(self, *, keeps_content: bool = False) -> None:
        self.taken: list[Taken] = []
        self.latest: dict[str, float] = {}
        self.trouble: Callable[[str, str], str | None] = lambda stage, address: None
        self.keeps_content = keeps_content
        self.lines: set[asyncio.Transport] = set()

    def take(self, to: list[str], content: bytes) -> None:
        """Remember a letter."""
        found = MESSAGE_ID.search(content)
        at, name = time.time(), found[1].decode() if found else ""
        for address in to:
            self.taken.append(Taken(name, address, at, content if self.keeps_content else b""))
            self.latest[address] = at


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._unread = bytearray()
        self._to: list[str] = []
        self._in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sink.lines.add(transport)
        self._say("connect", "", b"220 sink\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the line."""
        self._sink.lines.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """Read what there is to read."""
        self._unread += data
        while self._read_letter() if self._in_data else self._read_line():
            pass

    def _read_letter(self) -> bool:
        end = self._unread.find(END)
        if end < 0:
            return False
        content = bytes(self._unread[:end])
        del self._unread[: end + len(END)]
        self._in_data = False
        if self._hinder("data", self._to[0]):
            return True
        self._sink.take(self._to, content)
        self._say("accepted", self._to[0], b"250 taken\r\n")
        return True

    def _read_line(self) -> bool:
        end = self._unread.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._unread[:end])
        del self._unread[: end + 2]
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._for_whom(line)
        elif verb == b"DATA":
            self._in_data = True
            self._transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        elif verb == b"COUN":
            self._transport.write(b"250 %d\r\n" % len(self._sink.taken))
        elif verb == b"SEEN":
            at = self._sink.latest.get(line[5:].decode(), 0.0)
            self._transport.write(b"250 %.6f\r\n" % at)
        else:
            if verb in (b"MAIL", b"RSET"):
                self._to = []
            self._transport.write(b"250 8BITMIME\r\n" if verb == b"EHLO" else b"250 ok\r\n")
        return True

    def _for_whom(self, line: bytes) -> None:
        found = ADDRESS.search(line)
        address = found[1].decode() if found else ""
        trouble = self._sink.trouble("rcpt", address)
        if trouble and trouble != SLOW:
            self._make(trouble)
            return
        self._to.append(address)
        if trouble == SLOW:
            asyncio.get_running_loop().call_later(SLOW_SECONDS, self._transport.write, b"250 ok\r\n")
        else:
            self._transport.write(b"250 ok\r\n")

    def _say(self, stage: str, address: str, reply: bytes) -> None:
        if not self._hinder(stage, address):
            self._transport.write(reply)

    def _hinder(self, stage: str, address: str) -> bool:
        trouble = self._sink.trouble(stage, address)
        if trouble:
            self._make(trouble)
        return bool(trouble)

    def _make(self, trouble: str) -> None:
        if trouble == CUT:
            self._transport.abort()
        elif trouble != HANG:
            self._transport.write(trouble.encode() + b"\r\n")


@contextmanager
def in_thread(sink: Sink, port: int) -> Iterator[None]:
    """Run the mail server beside what this thread does."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(loop.create_server(lambda: Line(sink), "127.0.0.1", port))
        ready.set()
        loop.run_forever()
        server.close()
        for line in list(sink.lines):
            line.abort()
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


async def serve(port: int) -> None:
    """Take mail until we are ended."""
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(lambda: Line(sink), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
