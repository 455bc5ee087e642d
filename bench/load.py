"""A small load: keep-alive connections that send prepared requests to this machine and count the answers."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

LONGEST_ANSWER = 30.0


@dataclass
class Tally:
    """What came back: answers by status, how long each took, and how long it took in all, in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    began: float = 0.0
    took: float = 0.0
    latest: dict[int, float] = field(default_factory=dict)

    def last(self, status: int) -> float:
        """Return the seconds from the beginning to the last answer of a status."""
        return self.latest[status] - self.began

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return sum(self.statuses.values()) / self.took


def get(host: str, path: str, *, cookie: str = "") -> bytes:
    """Return a GET request as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode()


def post(host: str, path: str, body: str, *, key: str) -> bytes:
    """Return a POST request of JSON as it goes over the wire."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
    ).encode()


def for_a_while(port: int, request: bytes, *, clients: int, seconds: float) -> Tally:
    """Send the same request again and again for some seconds."""
    until = time.perf_counter() + seconds

    def forever() -> Iterator[bytes]:
        while time.perf_counter() < until:
            yield request

    return _run(port, [forever for _ in range(clients)])


def each_once(port: int, requests: Iterable[bytes], *, clients: int) -> Tally:
    """Send each of the requests once, shared among the clients."""
    waiting = iter(list(requests))
    lock = threading.Lock()

    def share() -> Iterator[bytes]:
        while True:
            with lock:
                request = next(waiting, None)
            if request is None:
                return
            yield request

    return _run(port, [share for _ in range(clients)])


def _run(port: int, clients: list[Callable[[], Iterator[bytes]]]) -> Tally:
    tally = Tally()
    lock = threading.Lock()
    threads = [threading.Thread(target=_client, args=(port, source, tally, lock)) for source in clients]
    tally.began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.took = time.perf_counter() - tally.began
    return tally


def _client(port: int, source: Callable[[], Iterator[bytes]], tally: Tally, lock: threading.Lock) -> None:
    connection: socket.socket | None = None
    for request in source():
        begun = time.perf_counter()
        connection = connection or socket.create_connection(("127.0.0.1", port), timeout=LONGEST_ANSWER)
        connection.sendall(request)
        status, stays = _answer(connection)
        if not stays:
            connection.close()
            connection = None
        with lock:
            tally.statuses[status] += 1
            tally.latest[status] = time.perf_counter()
            tally.times.append(tally.latest[status] - begun)
    if connection:
        connection.close()


def _answer(connection: socket.socket) -> tuple[int, bool]:
    """Read one answer; return its status and whether the connection stays open."""
    held = b""
    while b"\r\n\r\n" not in held:
        more = connection.recv(65536)
        if not more:
            return 0, False
        held += more
    head, _, body = held.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    left = int(headers.get("content-length", 0)) - len(body)
    while left > 0:
        left -= len(connection.recv(min(left, 65536)))
    return int(lines[0].split()[1]), headers.get("connection", "").lower() != "close"
