"""Who may connect, and how often: Envoy counts the connections of a chain of filters, but not those of an address.

So addresses are divided into shares by their last digits, each with a chain that counts. What passes goes on, within the
process, to one inner listener, where TLS and all that is about calls stands once.
"""

from .clusters import INNER, address
from .typed import NETWORK, TYPES, file_secret, typed

BUFFERED = 65536
# Longer than any call may be silent (routes.LONGEST). A connection whose inner end is gone while the caller still had
# much to send would stay for ever.
SILENT = "330s"
# Of an address in text the last digit, with the one before it odd or not. Of IPv6 its network counts, all addresses of
# which may be one caller's.
ODD = r".*[.][0-9]*[13579]{0}|(?:[0-9a-f]+:){{3}}[0-9a-f]*[13579bdf]{0}:.*"
EVEN = r".*[.](?:[0-9]*[02468])?{0}|(?:[0-9a-f]+:){{3}}(?:[0-9a-f]*[02468ace])?{0}:.*"
SHARES = {f"{half}-{digit}": pattern.format(digit) for digit in "0123456789abcdef" for half, pattern in (("odd", ODD), ("even", EVEN))}
OTHERS = "others"


def _limit(prefix, most):
    return {"name": "limit", "typed_config": typed(f"{NETWORK}connection_limit.v3.ConnectionLimit", stat_prefix=prefix, max_connections=most)}


def _share(name, values):
    onward = typed(f"{NETWORK}tcp_proxy.v3.TcpProxy", stat_prefix="inner", cluster=INNER, idle_timeout=SILENT)
    return {"name": name, "filters": [_limit(f"share-{name}", values["connections_of_share"]), {"name": "onward", "typed_config": onward}]}


def _to(name):
    return {"action": {"name": name, "typed_config": typed("google.protobuf.StringValue", value=name)}}


def _outer(values):
    source = {"name": "address", "typed_config": typed(f"{TYPES}envoy.extensions.matching.common_inputs.network.v3.SourceIPInput")}
    matchers = [{"predicate": {"single_predicate": {"input": source, "value_match": {"safe_regex": {"google_re2": {}, "regex": pattern}}}}, "on_match": _to(name)}
                for name, pattern in SHARES.items()]
    return {"name": "callers", "address": address(values["listen"]), "per_connection_buffer_limit_bytes": BUFFERED,
            "filter_chain_matcher": {"matcher_list": {"matchers": matchers}, "on_no_match": _to(OTHERS)},
            "filter_chains": [_share(name, values) for name in (*SHARES, OTHERS)]}


def _inner(http, values):
    folder = values["folder"]
    tls = {"name": "tls", "typed_config": typed(
        "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext", require_client_certificate=False,
        common_tls_context={"alpn_protocols": ["h2", "http/1.1"], "tls_certificate_sds_secret_configs": [file_secret(folder, "edge")],
                            "validation_context_sds_secret_config": file_secret(folder, "callers-ca"),
                            "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"}})}
    # Says who is at the other end of the outer connection.
    told = {"name": "told", "typed_config": typed("envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol")}
    return {"name": INNER, "internal_listener": {}, "per_connection_buffer_limit_bytes": BUFFERED, "listener_filters": [told],
            "ignore_global_conn_limit": True,
            "filter_chains": [{"filters": [_limit("callers", values["connections"]), http], "transport_socket": tls,
                               "transport_socket_connect_timeout": "5s"}]}


def listeners(http, values):
    return [_outer(values), _inner(http, values)]
