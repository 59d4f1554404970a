"""A TCP proxy before the gateway that counts what passes and cuts its connections when told to."""

import socket
import struct
import threading

_CHUNK = 64 << 10
_BUFFER = 64 << 10  # of each socket, so that what is not taken stays with the gateway


class Cutter:
    """Listens on a free port of 127.0.0.1 and passes everything on to `target`.

    A watcher is asked before bytes are passed on: a function of the direction ("up", "down") and of the bytes
    passed since `reset`, which returns how many may pass before it must be asked again, or None. Bytes beyond that
    are held back until it has been called, so what it does happens at that very byte.
    """

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._links = set()
        self._meter = threading.Lock()
        self._passed, self._watcher = {"up": 0, "down": 0}, None
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self, watcher=None):
        """Counts from 0 again; `watcher` as above is the only one from now on."""
        with self._meter:
            self._passed, self._watcher = {"up": 0, "down": 0}, watcher

    def passed(self, direction):
        with self._meter:
            return self._passed[direction]

    def cut(self):
        """Ends every connection: the caller gets what has passed and then the end, the gateway a reset."""
        with self._lock:
            links, self._links = self._links, set()
        for link in links:
            link.cut()

    def hold(self):
        """New connections wait from now on, until `release`."""
        self._open.clear()

    def release(self):
        self._open.set()

    def close(self):
        self._open.set()
        _shut(self._listener, socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client):
        self._open.wait()
        try:
            server = socket.create_connection(self._target)
        except OSError:
            _reset(client)
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        link = _Link(client, server)
        with self._lock:
            self._links.add(link)
        back = threading.Thread(target=self._pump, args=(link, server, client, "down"), daemon=True)
        back.start()
        self._pump(link, client, server, "up")
        back.join()
        with self._lock:
            self._links.discard(link)
        link.close()

    def _pump(self, link, source, sink, direction):
        try:
            while True:
                data = source.recv(_CHUNK)
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                while data:
                    allowed = self._meet(direction, len(data))
                    sink.sendall(data[:allowed])
                    data = data[allowed:]
        except OSError:
            link.cut()
            if direction == "up":
                _drain(source)

    def _meet(self, direction, wanted):
        """Counts the bytes that may pass now: up to `wanted`, fewer where the watcher waits for a byte among them."""
        while True:
            with self._meter:
                watcher, passed = self._watcher, self._passed[direction]
            left = watcher(direction, passed) if watcher else None
            with self._meter:
                if self._passed[direction] != passed or self._watcher is not watcher:
                    continue
                allowed = wanted if left is None else max(1, min(wanted, left))
                self._passed[direction] += allowed
                return allowed


class _Link:
    """The two ends of a connection."""

    def __init__(self, client, server):
        self._client, self._server = client, server
        self._lock = threading.Lock()
        self._cut = False

    def cut(self):
        with self._lock:
            if not self._cut:
                self._cut = True
                _reset(self._server)
                _shut(self._client, socket.SHUT_WR)

    def close(self):
        with self._lock:
            self._cut = True
            for end in (self._client, self._server):
                end.close()


def _drain(end):
    """Takes what still comes, until the end: closing before would reset, and lose what has not been read there."""
    try:
        while end.recv(_CHUNK):
            pass
    except OSError:
        pass


def _reset(end):
    """Closes with a reset. The shutdown wakes up a thread that waits for bytes of it."""
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass
    _shut(end, socket.SHUT_RD)
    end.close()


def _shut(end, how):
    try:
        end.shutdown(how)
    except OSError:
        pass
