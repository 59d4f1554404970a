"""Where requests go, how long they may be silent, and what of them is tried again at another gateway."""

import pathlib

from .filters import BUFFER, CALLER, HASH, HASH_OF_UPLOADS
from .typed import HTTP, typed
from .verbs import other_verbs

MOST_PAGE = 16 << 20
# Of rows and files, the longest silence: as long as a slow upstream may take for a page.
LONGEST = "300s"
DISABLED = typed("envoy.config.route.v3.FilterConfig", disabled=True)
TRANSCODER = "envoy.filters.http.grpc_json_transcoder"
MEDIA_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
               ".yaml": "application/yaml", ".json": "application/json"}
# Pages load nothing from elsewhere.
PAGE_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")

# Percent-encoded UTF-8. gRPC would answer other bytes with an INTERNAL error.
CONTINUED = "%[89ABab][0-9A-Fa-f]"
UTF8 = ("(?:[!-$&-~]|%[0-7][0-9A-Fa-f]"
        f"|%(?:[Cc][2-9A-Fa-f]|[Dd][0-9A-Fa-f]){CONTINUED}"
        f"|%[Ee](?:0%[ABab]|[1-9A-CEFa-cef]%[89ABab]|[Dd]%[89])[0-9A-Fa-f]{CONTINUED}"
        f"|%(?:[Ff]0%[9ABab]|[Ff][123]%[89ABab]|[Ff]4%8)[0-9A-Fa-f]{CONTINUED}{CONTINUED})*")


def _header(name, value, action="OVERWRITE_IF_EXISTS_OR_ADD"):
    return {"header": {"key": name, "value": value}, "append_action": action}


def _retries(harmless):
    # What has not reached a gateway, or was refused by one that drains, may go to another; what may have reached it only
    # where nothing is done twice.
    on = ["connect-failure", "refused-stream", "retriable-headers", *(["reset"] if harmless else [])]
    return {
        "retry_on": ",".join(on), "num_retries": 2, "retriable_headers": [{"name": "x-relais-draining", "string_match": {"exact": "true"}}],
        "retry_host_predicate": [{"name": "envoy.retry_host_predicates.previous_hosts", "typed_config": typed(
            "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate")}],
        "host_selection_retry_max_attempts": 5, "retry_back_off": {"base_interval": "0.05s", "max_interval": "0.5s"},
    }


def _call(match, idle, harmless, streams, hashed=HASH):
    whole = {"typed_per_filter_config": {BUFFER: typed(f"{HTTP}buffer.v3.BufferPerRoute", disabled=True)}} if streams else {}
    return {"match": match, **whole, "route": {
        "cluster": "gateways", "timeout": "0s", "idle_timeout": idle, "retry_policy": _retries(harmless),
        "hash_policy": [{"filter_state": {"key": hashed}, "terminal": True}]}}


def _calls(methods, idle, harmless, streams=False, hashed=HASH):
    """A route for each service that has such methods."""
    by_service = {}
    for method in methods:
        by_service.setdefault(method.service, []).append(method.name)
    return [_call({"safe_regex": {"regex": f"/{service.replace('.', '[.]')}/(?:{'|'.join(names)})"}}, idle, harmless, streams, hashed)
            for service, names in sorted(by_service.items())]


def _page(path, file):
    suffix = pathlib.PurePosixPath(file).suffix
    if suffix not in MEDIA_TYPES:
        raise SystemExit(f"generate: pages: {file} is none of {', '.join(MEDIA_TYPES)}")
    return {"match": {"path": path}, "direct_response": {"status": 200, "body": {"filename": file}},
            "typed_per_filter_config": {TRANSCODER: DISABLED},
            "response_headers_to_add": [_header("content-type", MEDIA_TYPES[suffix]), _header("content-security-policy", PAGE_POLICY)]}


def _not_text():
    """A path whose bytes are no text."""
    return {"match": {"prefix": "/", "headers": [{"name": ":path", "string_match": {"safe_regex": {"regex": UTF8}}, "invert_match": True}]},
            "direct_response": {"status": 400, "body": {"inline_string": "the path is not UTF-8"}},
            "typed_per_filter_config": {TRANSCODER: DISABLED, "may": DISABLED}}


def _not_with_this_verb(match, verbs):
    return {"match": match, "direct_response": {"status": 405, "body": {"inline_string": f"this URL takes {verbs}"}},
            "typed_per_filter_config": {TRANSCODER: DISABLED, "may": DISABLED}, "response_headers_to_add": [_header("allow", verbs)]}


def route_config(methods, values):
    cors = typed(f"{HTTP}cors.v3.CorsPolicy", allow_origin_string_match=[{"exact": origin} for origin in values["origins"]],
                 allow_methods="GET, POST, PATCH, PUT, DELETE, OPTIONS", max_age="600",
                 allow_headers="content-type,x-grpc-web,x-user-agent,grpc-timeout,x-request-id,authorization,traceparent,tracestate",
                 expose_headers="grpc-status,grpc-message,grpc-status-details-bin,x-request-id,content-disposition")
    unary = [method for method in methods if not method.streams]
    routes = [
        _not_text(),
        *other_verbs(methods, _not_with_this_verb),
        *(_page(path, f"{values['folder']}/{file}") for path, file in values["pages"].items()),
        # Longer than a gateway lets a unary call last, 120 s.
        *_calls([method for method in unary if method.reads], "130s", True),
        *_calls([method for method in unary if not method.reads], "130s", False),
        # Heartbeats come every 12 s.
        *_calls([method for method in methods if method.watches], "60s", False, streams=True),
        *_calls([method for method in methods if method.uploads and method.request_id], LONGEST, False, streams=True, hashed=HASH_OF_UPLOADS),
        _call({"prefix": "/"}, LONGEST, False, streams=True),
    ]
    return {
        "name": "callers", "max_direct_response_body_size_bytes": MOST_PAGE, "most_specific_header_mutations_wins": True,
        # Of a caller without a token: the name in the certificate.
        "request_headers_to_add": [{**_header(CALLER, "%DOWNSTREAM_PEER_URI_SAN%", "ADD_IF_ABSENT"), "keep_empty_value": False}],
        "response_headers_to_add": [_header("x-content-type-options", "nosniff")],
        "virtual_hosts": [{"name": "callers", "domains": ["*"], "routes": routes,
                           "typed_per_filter_config": {"envoy.filters.http.cors": cors}}],
    }
