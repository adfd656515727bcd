"""A bad mobile line in front of a real server: slow, far away, lossy, cut, and forgetful.

Works on TCP and knows no HTTP, but for one thing: it can lose the answer to a POST, which is what
a phone sees when the signal goes right after its report was stored. One seed, one line: the same
faults for the same traffic.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

CHUNK = 1460  # one packet
LOST_AGAIN = 0.02  # of the lost packets: so many in a row that the phone gives the connection up


@dataclass
class Line:
    """What the line is like, and what passed over it. ``loss`` is a share of the packets."""

    kbits: float = 400
    round_trip: float = 0.4  # seconds
    loss: float = 0.05
    seed: int = 1
    up: int = 0  # bytes
    down: int = 0
    connections: int = 0
    broken: int = 0  # connections the line broke, for whatever reason
    stalls: int = 0
    answers_lost: int = 0
    _lose_answers: int = 0
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)


class Proxy:
    """``with Proxy(port_of_the_server) as proxy``: browse ``proxy.url`` instead."""

    def __init__(self, to_port: int, line: Line | None = None) -> None:
        self.line = line or Line()
        self._to = to_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter | None]] = set()
        self._signal = asyncio.Event()  # set while there is one
        self._busy: dict[str, float] = {"up": 0.0, "down": 0.0}  # until when the air is taken
        self.port = 0

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self._signal.set()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # --- What a test asks for ---------------------------------------------------------------

    def cut(self) -> None:
        """No signal: half of what is under way breaks at once, half hangs; nothing new begins."""
        self._do(self._cut())

    def mend(self) -> None:
        """The signal is back; what hung is broken now."""
        self._do(self._mend())

    @contextlib.contextmanager
    def no_signal(self) -> Iterator[None]:
        self.cut()
        try:
            yield
        finally:
            self.mend()

    def lose_answers(self, number: int) -> None:
        """The next answers to a POST never arrive: the server has done its work by then."""
        self.line._lose_answers = number

    # --- One connection ---------------------------------------------------------------------

    async def _serve(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self.line.connections += 1
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter | None] = (back, None)
        self._open.add(pair)
        try:
            await self._signal.wait()
            await asyncio.sleep(self.line.round_trip)  # the handshake
            server, out = await asyncio.open_connection("127.0.0.1", self._to)
            self._open.discard(pair)
            pair = (back, out)
            self._open.add(pair)
            asked = _Asked()
            both = (self._carry(phone, out, "up", asked), self._carry(server, back, "down", asked))
            await asyncio.gather(*both)
        except (OSError, _Broken):
            self.line.broken += 1
        except asyncio.CancelledError:
            pass  # the test is over; asyncio would write of it
        finally:
            self._open.discard(pair)
            _break(pair)

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: str, asked: "_Asked"
    ) -> None:
        """Packets one way, in order: read as fast as the air takes them, written when they land."""
        flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)
        landing = asyncio.create_task(self._land(flying, target))
        try:
            while packet := await source.read(CHUNK):
                self._look_at(packet, way, asked)
                await flying.put((await self._fly(packet, way), packet))
            await flying.put((self._loop.time(), b""))
            await landing
        finally:
            landing.cancel()

    async def _fly(self, packet: bytes, way: str) -> float:
        """Wait until the air is free for this packet; the moment when it lands."""
        line, now = self.line, self._loop.time()
        setattr(line, way, getattr(line, way) + len(packet))
        begins = max(now, self._busy[way])
        self._busy[way] = begins + len(packet) * 8 / (line.kbits * 1000)
        await asyncio.sleep(self._busy[way] - now)
        late = 0.0
        if line._chance.random() < line.loss:  # sent again by TCP after a while
            line.stalls += 1
            late = 2 * line.round_trip
            if line._chance.random() < LOST_AGAIN:
                raise _Broken
        return self._loop.time() + line.round_trip / 2 + late

    async def _land(
        self, flying: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter
    ) -> None:
        while True:
            due, packet = await flying.get()
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            await self._signal.wait()
            if not packet:
                with contextlib.suppress(OSError):
                    target.write_eof()
                return
            target.write(packet)
            await target.drain()

    def _look_at(self, packet: bytes, way: str, asked: "_Asked") -> None:
        if way == "up" and packet.startswith((b"GET ", b"POST ")):
            asked.post = packet.startswith(b"POST ")
        elif way == "down" and asked.post and self.line._lose_answers:
            self.line._lose_answers -= 1
            self.line.answers_lost += 1
            raise _Broken

    # --- The signal ---------------------------------------------------------------------------

    async def _cut(self) -> None:
        self._signal.clear()
        for pair in list(self._open):
            if self.line._chance.random() < 0.5:
                _break(pair)

    async def _mend(self) -> None:
        for pair in list(self._open):
            _break(pair)
        self._signal.set()

    async def _end(self) -> None:
        self._server.close()
        for pair in list(self._open):
            _break(pair)
        self._signal.set()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _do(self, what: "asyncio.Future | object"):  # noqa: ANN202
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=30)


class _Broken(Exception):
    """The line gave this connection up."""


@dataclass
class _Asked:
    """What the phone asked last on one connection."""

    post: bool = False


def _break(pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter | None]) -> None:
    for writer in pair:
        if writer is not None:
            writer.transport.abort()
