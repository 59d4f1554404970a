"""HTTP/2 by hand, as an attacker writes it: frames that no library would send. RFC 9113 and, of RFC 7541, literals only."""

import socket
import ssl
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM = ACK = 1
END_HEADERS = 4
INITIAL_WINDOW_SIZE = 4
FIRST_WINDOW = 65535
CANCEL = 8
# What every peer takes without being asked.
MOST_IN_A_FRAME = 16384


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def header_frames(stream, block, end_stream=False, complete=True):
    """HEADERS and, where the block is longer than a frame, CONTINUATION."""
    pieces = [block[at:at + MOST_IN_A_FRAME] for at in range(0, len(block), MOST_IN_A_FRAME)]
    out = []
    for index, piece in enumerate(pieces):
        flags = END_STREAM if end_stream and index == 0 else 0
        if complete and index == len(pieces) - 1:
            flags |= END_HEADERS
        out.append(frame(CONTINUATION if index else HEADERS, flags, stream, piece))
    return b"".join(out)


def _number(value):
    if value < 127:
        return bytes((value,))
    out, value = bytearray((127,)), value - 127
    while value >= 128:
        out.append(value % 128 | 128)
        value //= 128
    return bytes(out) + bytes((value,))


def field(name, value):
    """A header that the receiver shall not remember."""
    name, value = name.encode(), value.encode()
    return b"\0" + _number(len(name)) + name + _number(len(value)) + value


def call_headers(method, *more, authority="relais"):
    """Of a gRPC call of "package.Service/Method"."""
    fields = ((":method", "POST"), (":scheme", "http"), (":path", "/" + method), (":authority", authority),
              ("content-type", "application/grpc"), ("te", "trailers"), *more)
    return b"".join(field(name, value) for name, value in fields)


def message(content=b"", compressed=False):
    """A message of gRPC with its prefix."""
    return bytes((compressed,)) + struct.pack(">I", len(content)) + content


class Connection:
    """One connection. What the peer does not take within ten seconds, or refuses, is an OSError."""

    def __init__(self, target, settings=b"", greet=True):
        self.socket = target.connect()
        self._received = b""
        self._next = 1
        if greet:
            self.send(PREFACE + frame(SETTINGS, 0, 0, settings))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, octets):
        self.socket.sendall(octets)

    def new_stream(self):
        stream, self._next = self._next, self._next + 2
        return stream

    def read_frame(self):
        """(kind, flags, stream, payload); None at the end."""
        head = self._read(9)
        if head is None:
            return None
        payload = self._read(int.from_bytes(head[:3], "big"))
        return head[3], head[4], int.from_bytes(head[5:9], "big") & 0x7FFFFFFF, payload

    def _read(self, count):
        while len(self._received) < count:
            try:
                piece = self.socket.recv(65536)
            except ConnectionError:
                return None
            if not piece:
                return None
            self._received += piece
        octets, self._received = self._received[:count], self._received[count:]
        return octets

    def drain(self):
        """Throws away what has come, without waiting. False when the peer has closed."""
        self.socket.setblocking(False)
        try:
            while self.socket.recv(1 << 20):
                pass
            return False
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        finally:
            self.socket.settimeout(10)

    def send_body(self, stream, content):
        """As much of it as the peer's windows allow, waiting for more. False when the peer ended the call before."""
        window, of_stream, of_streams = FIRST_WINDOW, FIRST_WINDOW, FIRST_WINDOW
        at = 0
        while at < len(content):
            size = min(MOST_IN_A_FRAME, window, of_stream, len(content) - at)
            if size > 0:
                last = END_STREAM if at + size == len(content) else 0
                self.send(frame(DATA, last, stream, content[at:at + size]))
                at, window, of_stream = at + size, window - size, of_stream - size
                continue
            got = self.read_frame()
            if got is None or got[0] in (GOAWAY, RST_STREAM) or got[0] == HEADERS and got[1] & END_STREAM:
                return False
            kind, flags, of, payload = got
            if kind == SETTINGS and not flags & ACK:
                self.send(frame(SETTINGS, ACK, 0))
                for name, value in struct.iter_unpack(">HI", payload):
                    if name == INITIAL_WINDOW_SIZE:
                        of_stream, of_streams = of_stream + value - of_streams, value
            if kind == WINDOW_UPDATE:
                more = int.from_bytes(payload, "big")
                window, of_stream = window + more * (of == 0), of_stream + more * (of == stream)
        return True

    def call(self, method, request=b""):
        """A unary call: whether a reply came."""
        stream = self.new_stream()
        self.send(header_frames(stream, call_headers(method)) + frame(DATA, END_STREAM, stream, message(request)))
        return self.await_reply(stream)

    def await_reply(self, stream):
        replied = False
        while True:
            got = self.read_frame()
            if got is None or got[0] == GOAWAY and int.from_bytes(got[3][:4], "big") < stream:
                return False
            kind, flags, of, payload = got
            if kind == SETTINGS and not flags & ACK:
                self.send(frame(SETTINGS, ACK, 0))
            if kind == PING and not flags & ACK:
                self.send(frame(PING, ACK, 0, payload))
            if kind == DATA and payload:
                self.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", len(payload))))
            if of == stream and kind == DATA and payload:
                replied = True
            if of == stream and (kind == RST_STREAM or flags & END_STREAM and kind in (DATA, HEADERS)):
                return replied


class Target:
    """Where connections go: "host:port", with TLS where `context`, an ssl.SSLContext, is given, from `source`, an address."""

    def __init__(self, address, context=None, name="localhost", source=""):
        host, port = address.rsplit(":", 1)
        self._address, self._context, self._name = (host, int(port)), context, name
        self._source = (source, 0) if source else None
        if context is not None:
            context.set_alpn_protocols(["h2"])

    def connect(self):
        plain = socket.create_connection(self._address, 10, self._source)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return plain if self._context is None else self._context.wrap_socket(plain, server_hostname=self._name)
