"""What a request passes before it is routed, in this order."""

from .policy import TOKEN, envoy_policies
from .typed import TYPES, http_filter, typed

CALLER = "x-relais-caller"
HASH = "relais.request_id"
HASH_OF_UPLOADS = "relais.uploader"
MOST_BODY = 16 << 20
# What a gateway takes in a message (server.max_request_bytes), and what stands around it.
MOST_MESSAGE = (4 << 20) + (64 << 10)
BUFFER = "envoy.filters.http.buffer"


def early():
    """Before anything else: what only the front may say."""
    kind = "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"
    return [{"name": "envoy.http.early_header_mutation.header_mutation", "typed_config": typed(kind, mutations=[{"remove": CALLER}])}]


def _tokens(tokens):
    provider = {
        "issuer": tokens["issuer"], "audiences": [tokens["audience"]], "require_expiration": True, "forward": False,
        "payload_in_metadata": TOKEN, "claim_to_headers": [{"header_name": CALLER, "claim_name": "sub"}],
        "remote_jwks": {"http_uri": {"uri": tokens["keys"], "cluster": "keys", "timeout": "2s"},
                        "cache_duration": tokens["keys_kept"], "async_fetch": {}},
    }
    # A caller with a certificate needs no token; who has neither is refused by what follows.
    either = {"requires_any": {"requirements": [{"provider_name": "callers"}, {"allow_missing": {}}]}}
    rules = [{"match": {"prefix": "/grpc.health.v1.Health/"}}, {"match": {"prefix": "/"}, "requires": either}]
    return http_filter("jwt_authn", "JwtAuthentication", providers={"callers": provider}, rules=rules)


def _rbac(action, policies):
    return http_filter("rbac", "RBAC", rules={"action": action, "policies": policies})


# A small request can become hundreds of megabytes, and is measured by nobody before it has.
COMPRESSED = {"compressed": {"permissions": [{"header": {"name": "grpc-encoding", "string_match": {"exact": "identity"}, "invert_match": True}}],
                             "principals": [{"any": True}]}}


def _transcoder(methods, folder):
    return http_filter(
        "grpc_json_transcoder", "GrpcJsonTranscoder", proto_descriptor=f"{folder}/protos.binpb",
        services=sorted({method.service for method in methods}), convert_grpc_status=True,
        # As forms, browsers and most libraries write spaces.
        query_param_unescape_plus=True,
        print_options={"stream_newline_delimited": True}, max_request_body_size=MOST_BODY, max_response_body_size=MOST_BODY,
        # Otherwise what no method takes would reach a gateway as it came, and be answered 200 without a body.
        request_validation_options={"reject_unknown_method": True, "reject_unknown_query_parameters": True,
                                    "reject_binding_body_field_collisions": True})


def _request_ids(methods, folder):
    """Equal request ids reach one gateway: it alone knows what it has answered. Of uploads, one caller's do.

    What reads a field of a stream's first message would lose what comes with it of the second.
    """
    methods = [method for method in methods if method.request_id and not method.uploads]
    extractions = {f"{method.service}.{method.name}": {"request_field_extractions": {method.request_id: {}}} for method in methods}
    extract = http_filter("grpc_field_extraction", "GrpcFieldExtractionConfig",
                          descriptor_set={"filename": f"{folder}/protos.binpb"}, extractions_by_method=extractions)
    paths = sorted({method.request_id for method in methods})
    text = "".join(f"%DYNAMIC_METADATA(envoy.filters.http.grpc_field_extraction:{path})%" for path in paths)
    states = [{"object_key": key, "factory_key": "envoy.hashable_string", "skip_if_empty": True,
               "format_string": {"omit_empty_values": True, "text_format_source": {"inline_string": value}}}
              for key, value in ((HASH, text), (HASH_OF_UPLOADS, f"%REQ({CALLER})%%DOWNSTREAM_PEER_URI_SAN%"))]
    kind = f"{TYPES}envoy.extensions.filters.http.set_filter_state.v3.Config"
    return [extract, {"name": "envoy.filters.http.set_filter_state", "typed_config": typed(kind, on_request_headers=states)}]


def http_filters(methods, policy, roles, values):
    tokens = values.get("tokens")
    may = _rbac("ALLOW", envoy_policies(policy, roles, values))
    may["name"] = "may"  # routes of pages name it
    return [
        http_filter("cors", "Cors"),
        http_filter("grpc_web", "GrpcWeb"),
        *([_tokens(tokens)] if tokens else []),
        _rbac("DENY", COMPRESSED),
        _transcoder(methods, values["folder"]),
        # After the transcoder: one rule for a method, however it is called.
        may,
        # A unary call whose message does not come waits here, where that costs little; routes of streams turn this off.
        http_filter("buffer", "Buffer", max_request_bytes=MOST_MESSAGE),
        *_request_ids(methods, values["folder"]),
        http_filter("router", "Router"),
    ]
