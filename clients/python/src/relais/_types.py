"""What a client is told, and what it tells: options, events, results, the one error."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import grpc
from google.rpc import error_details_pb2, status_pb2

from relais._reasons import Reason

VERSION = "0.1.0"
T = TypeVar("T")
_LOOPBACK = re.compile(r"(dns:/*|ipv4:|ipv6:)?(localhost|127(\.\d+){3}|\[::1\]|::1)(:\d+)?$|unix:|unix-abstract:", re.I)


@dataclass(frozen=True)
class Retry:
    """When to try again, and when to give up. Times are seconds."""
    #: Attempts of a call, the first included; 1 = never repeat. Streams go on until `give_up`.
    attempts: int = 4
    #: Wait before the first repetition, doubled each time up to `longest_wait`, times a random number from 1/2 to 1.
    first_wait: float = 0.2
    longest_wait: float = 10.0
    #: A stream ends with an error when it has told nothing for so long, reconnects included.
    give_up: float = 300.0
    #: A watch or tail that is silent for so long is broken: the gateway sends a heartbeat every 15 s.
    silence: float = 45.0
    #: An upload or download without progress for so long is broken.
    progress: float = 60.0


@dataclass(frozen=True)
class Tls:
    """Certificates in PEM. Without `roots` those of the system count; `key` and `chain` are for mutual TLS;
    `server_name` is the name in the gateway's certificate, where it is not that of the target."""
    roots: bytes | None = None
    key: bytes | None = None
    chain: bytes | None = None
    server_name: str = ""


class Event(NamedTuple):
    """What a client does unasked: told to the observer before the wait."""
    #: "repeat" of a call, "reconnect" of a stream, "restart" of a watch that tells all of a set anew.
    kind: str
    #: `relais.jobqueue.v1.JobQueueService/GetJob`
    method: str
    #: Why: code, reason (empty when it is not the gateway's), message.
    code: grpc.StatusCode
    reason: str
    message: str
    #: The attempt that failed, from 1.
    attempt: int
    #: Seconds until the next one.
    wait: float
    request_id: str
    #: The gateway's id of the call, as in its log.
    call_id: str


@dataclass(frozen=True)
class Change(Generic[T]):
    """What has changed in a set that is watched."""
    #: What is new or different, as it is now.
    changed: list[T]
    #: Names of what is gone.
    removed: list[str]
    #: Whether all of the set has been told. False until the end of the snapshot, also after a restart.
    complete: bool
    #: Whether the watch begins anew: all of the set comes again, and what does not is among `removed` in the end.
    restarted: bool


class Progress(NamedTuple):
    """How far a reader of rows is, after a batch; `elapsed` in seconds since the first was asked for."""
    rows: int
    bytes: int
    resumes: int
    elapsed: float


class Saved(NamedTuple):
    """A file that has been received whole: its SHA-256, in lower-case hexadecimal, is right."""
    #: Where it is; empty when it was written to a file object.
    path: str
    #: Name that the upstream gives it. Never use it as a path unchecked.
    file_name: str
    bytes: int
    sha256: str
    media_type: str


class Violation(NamedTuple):
    """One thing that is wrong with a request."""
    field: str
    description: str


class RelaisError(grpc.RpcError):
    """A call has failed. Work that fails (a job, a run) is a result and no error."""
    code: grpc.StatusCode  # type: ignore[assignment]  # a method of other errors of gRPC
    message: str
    #: The gateway's reason; REASON_UNSPECIFIED when it gave none, or one of tomorrow: see `raw_reason`.
    reason: Reason = Reason.REASON_UNSPECIFIED
    #: As it came; empty when the error was made by a proxy, a broken connection or this client.
    raw_reason: str = ""
    #: The upstream's own text, in its language; empty when it gave none.
    upstream_message: str = ""
    violations: tuple[Violation, ...] = ()
    #: Seconds after which the same call may succeed; None when repeating does not help.
    retry_after: float | None = None
    #: `service`, `connection`, `method`, `httpStatus`…: docs/errors.md.
    metadata: dict[str, str]
    #: The gateway's id of the call, as in its log.
    call_id: str = ""
    #: `request_id` of the call: making the same call with it is safe.
    request_id: str = ""
    attempts: int = 1
    #: The last state that was seen, of a wait.
    last: Any = None

    def __init__(self, code: grpc.StatusCode, message: str, **known: Any) -> None:
        super().__init__(message)
        self.__dict__.update(code=code, message=message, metadata={}, **known)

    def __str__(self) -> str:
        about = [self.code.name, self.raw_reason, f"call {self.call_id}" if self.call_id else ""]
        return f"{self.message} ({', '.join(filter(None, about))})"

    @property
    def repeatable(self) -> bool:
        """The rule of all clients: whether the same call may succeed."""
        code = grpc.StatusCode
        return (self.code is code.UNAVAILABLE or self.retry_after is not None
                or not self.raw_reason and self.code in (code.INTERNAL, code.UNKNOWN, code.CANCELLED))


def error_of(call: Any, target: str) -> RelaisError:
    """What gRPC tells of a failed call."""
    trailers: dict[str, Any] = {key: value for key, value in call.trailing_metadata() or ()}
    error = RelaisError(call.code(), call.details() or "", call_id=trailers.get("x-request-id", ""))
    info, bad, retry, text = (error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo(),
                              error_details_pb2.LocalizedMessage())
    for detail in status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b"")).details:
        if detail.Unpack(retry):
            error.retry_after = retry.retry_delay.ToTimedelta().total_seconds()
        elif not (detail.Unpack(info) or detail.Unpack(bad)):
            detail.Unpack(text)
    error.raw_reason, error.metadata, error.upstream_message = info.reason, dict(info.metadata), text.message
    error.reason = Reason.__members__.get(info.reason, Reason.REASON_UNSPECIFIED)
    error.call_id = error.metadata.get("callId", error.call_id)
    error.violations = tuple(Violation(each.field, each.description) for each in bad.field_violations)
    if not error.raw_reason:
        error.message = f"{target}: {error.message}"
    return error


def credentials(target: str, tls: Tls | None, insecure: bool, with_token: bool) -> grpc.ChannelCredentials | None:
    """What to connect to `target` with, None = plain text; ValueError where that is not safe."""
    here = _LOOPBACK.match(target)
    if tls is None and (here or insecure):
        if with_token and not here:
            raise ValueError(f"{target}: a token does not leave this machine over plain text; connect with TLS")
        return None
    tls = tls or Tls()
    system = map(ssl.DER_cert_to_PEM_cert, ssl.create_default_context().get_ca_certs(binary_form=True))
    return grpc.ssl_channel_credentials(tls.roots or "".join(system).encode() or None, tls.key, tls.chain)


def channel_options(tls: Tls | None) -> list[tuple[str, Any]]:
    """gRPC in Python cannot reset its back-off of connections: it ends at 1 s, so that a repetition finds a gateway soon
    after its return. A stream's window is fixed: it bounds the memory of a slow reader and what is read ahead for it."""
    options: dict[str, Any] = {
        "primary_user_agent": f"relais-python/{VERSION}", "enable_retries": 0, "use_local_subchannel_pool": 1,
        "max_receive_message_length": 64 << 20, "http2.bdp_probe": 0, "http2.lookahead_bytes": 512 << 10,
        "keepalive_time_ms": 30_000, "keepalive_timeout_ms": 10_000, "http2.max_pings_without_data": 0,
        "initial_reconnect_backoff_ms": 200, "max_reconnect_backoff_ms": 1_000}
    if tls and tls.server_name:
        options["ssl_target_name_override"] = tls.server_name
    return [(f"grpc.{name}", value) for name, value in options.items()]
