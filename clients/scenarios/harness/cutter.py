"""A TCP proxy before the gateway that counts what passes and resets its connections when told to."""

import socket
import struct
import threading

_CHUNK = 64 << 10


class Cutter:
    """Listens on a free port of 127.0.0.1 and passes everything on to `target`.

    `watchers` are asked before bytes are passed on: each is a function of the direction ("up", "down") and of the
    bytes passed since `reset`; it returns how many bytes may pass before it must be asked again, or None. Bytes
    beyond that are held back until it has been called, so what it does happens at that very byte.
    """

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._links = set()
        self._passed = {"up": 0, "down": 0}
        self._meter = threading.Lock()
        self.watcher = None
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self, watcher=None):
        """Counts from 0 again; `watcher` as above is the only one from now on."""
        with self._meter:
            self._passed = {"up": 0, "down": 0}
            self.watcher = watcher
            self.connections = 0

    def passed(self, direction):
        with self._meter:
            return self._passed[direction]

    def cut(self):
        """Resets every connection."""
        with self._lock:
            links, self._links = self._links, set()
        for link in links:
            link.reset()

    def hold(self):
        """New connections wait from now on, until `release`."""
        self._open.clear()

    def release(self):
        self._open.set()

    def close(self):
        self._open.set()
        _shut(self._listener)
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
        link = _Link(client, server)
        with self._lock:
            self._links.add(link)
        with self._meter:
            self.connections += 1
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
            link.reset()

    def _meet(self, direction, wanted):
        """Counts the bytes that may pass now: up to `wanted`, fewer where the watcher waits for a byte among them."""
        while True:
            with self._meter:
                watcher, passed = self.watcher, self._passed[direction]
            left = watcher(direction, passed) if watcher else None
            with self._meter:
                if self._passed[direction] != passed or self.watcher is not watcher:
                    continue
                allowed = wanted if left is None else max(1, min(wanted, left))
                self._passed[direction] += allowed
                return allowed


class _Link:
    """The two ends of a connection."""

    def __init__(self, client, server):
        self._ends = (client, server)
        self._lock = threading.Lock()
        self._closed = False

    def reset(self):
        with self._lock:
            if not self._closed:
                self._closed = True
                for end in self._ends:
                    _reset(end)

    def close(self):
        with self._lock:
            if not self._closed:
                self._closed = True
                for end in self._ends:
                    end.close()


def _reset(end):
    """Closes with a reset. The shutdown wakes up a thread that waits for bytes of it."""
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass
    _shut(end, socket.SHUT_RD)


def _shut(end, how=socket.SHUT_RDWR):
    try:
        end.shutdown(how)
    except OSError:
        pass
    end.close()
