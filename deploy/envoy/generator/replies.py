"""What the front answers itself: errors of REST in the form of google.rpc.Status, and the log of all calls."""

from .filters import CALLER
from .typed import typed

# HTTP -> code of gRPC, as gRPC itself names what the other means.
CODES = {400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 408: 4, 413: 8, 415: 3, 429: 8, 431: 8, 500: 13, 502: 14, 503: 14, 504: 4}


def _status_is(status):
    return {"status_code_filter": {"comparison": {"op": "EQ", "value": {"default_value": status, "runtime_key": f"relais.reply_{status}"}}}}


def _mapper(condition, status, code):
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": f"FRONT_{status}", "domain": "relais-front",
            "metadata": {"requestId": "%REQ(X-REQUEST-ID)%", "detail": "%RESPONSE_CODE_DETAILS%"}}
    # The transcoder has already given what it passes on a content type of gRPC.
    is_rest = {"or_filter": {"filters": [
        {"header_filter": {"header": {"name": "content-type", "string_match": {"prefix": "application/grpc"}, "invert_match": True,
                                      "treat_missing_header_as_empty": True}}},
        {"header_filter": {"header": {"name": "x-envoy-original-path", "present_match": True}}}]}}
    return {"filter": {"and_filter": {"filters": [condition, is_rest]}}, "status_code": status,
            "body_format_override": {"json_format": {"code": code, "message": "%LOCAL_REPLY_BODY%", "details": [info]}}}


# The rules of who may call refuse also those of whom nothing is known.
NOT_KNOWN = {"and_filter": {"filters": [
    _status_is(403),
    *({"header_filter": {"header": {"name": name, "present_match": True, "invert_match": True}}}
      for name in ("authorization", "x-forwarded-client-cert", CALLER))]}}


def local_replies():
    codes = [_mapper(_status_is(status), status, code) for status, code in CODES.items()]
    return {"mappers": [_mapper(NOT_KNOWN, 401, CODES[401]), {"filter": NOT_KNOWN, "status_code": 401}, *codes]}


def access_log():
    line = {
        "time": "%START_TIME%", "caller": "%REQ(X-RELAIS-CALLER)%", "method": "%REQ(:METHOD)%",
        "path": "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%", "called": "%REQ(:PATH)%", "protocol": "%PROTOCOL%", "status": "%RESPONSE_CODE%",
        "grpc": "%GRPC_STATUS%", "ms": "%DURATION%", "received": "%BYTES_RECEIVED%", "sent": "%BYTES_SENT%", "peer": "%DOWNSTREAM_REMOTE_ADDRESS%",
        "gateway": "%UPSTREAM_HOST%", "attempts": "%UPSTREAM_REQUEST_ATTEMPT_COUNT%", "flags": "%RESPONSE_FLAGS%",
        "detail": "%RESPONSE_CODE_DETAILS%", "requestId": "%REQ(X-REQUEST-ID)%",
    }
    kind = "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"
    return [{"name": "envoy.access_loggers.stdout", "typed_config": typed(kind, log_format={"json_format": line})}]
