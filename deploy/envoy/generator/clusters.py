"""Whom the front calls: the gateways, itself, and where the keys of tokens are had."""

from urllib.parse import urlsplit

from .typed import file_secret, typed

PROTOCOLS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
DNS = "envoy.extensions.clusters.dns.v3.DnsCluster"
INNER = "inner"
TLS = "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"


def address(text):
    host, _, port = text.rpartition(":")
    return {"socket_address": {"address": host.strip("[]"), "port_value": int(port)}}


def _endpoints(name, addresses):
    found = [{"endpoint": {"address": address(text)}} for text in addresses]
    return {"cluster_name": name, "endpoints": [{"lb_endpoints": found}]}


def _gateways(values):
    http2 = {"initial_stream_window_size": 65536, "initial_connection_window_size": 1048576,
             "connection_keepalive": {"interval": "30s", "timeout": "10s"}}
    check = {"name": "whole", "timeout": "1s", "interval": "1s", "no_traffic_interval": "1s", "unhealthy_threshold": 1,
             "healthy_threshold": 1, "always_log_health_check_failures": True, "grpc_health_check": {"service_name": ""}}
    # An upstream of a gateway that is down makes calls fail, not the gateway: only connections count.
    outliers = {"split_external_local_origin_errors": True, "consecutive_local_origin_failure": 3,
                "enforcing_consecutive_local_origin_failure": 100, "enforcing_consecutive_5xx": 0,
                "enforcing_consecutive_gateway_failure": 0, "enforcing_success_rate": 0, "interval": "2s",
                "base_ejection_time": "5s", "max_ejection_percent": 50}
    return {
        "name": "gateways", "connect_timeout": "1s",
        "cluster_type": {"name": "envoy.clusters.dns", "typed_config": typed(DNS, dns_refresh_rate="2s")},
        "lb_policy": "RING_HASH", "load_assignment": _endpoints("gateways", values["gateways"]),
        "typed_extension_protocol_options": {PROTOCOLS: typed(PROTOCOLS, explicit_http_config={"http2_protocol_options": http2})},
        "transport_socket": {"name": "tls", "typed_config": typed(TLS, sni=values["gateway_name"], common_tls_context={
            "alpn_protocols": ["h2"], "tls_certificate_sds_secret_configs": [file_secret(values["folder"], "front")],
            "validation_context_sds_secret_config": file_secret(values["folder"], "gateways-ca")})},
        "health_checks": [check], "outlier_detection": outliers,
        "circuit_breakers": {"thresholds": [{"max_requests": 20000, "max_pending_requests": 5000, "max_retries": 50}]},
        "common_lb_config": {"healthy_panic_threshold": {"value": 0}},
    }


def _keys(tokens):
    url = urlsplit(tokens["keys"])
    secure = url.scheme == "https"
    port = url.port or (443 if secure else 80)
    made = {"name": "keys", "type": "STRICT_DNS", "connect_timeout": "2s",
            "load_assignment": _endpoints("keys", [f"{url.hostname}:{port}"])}
    if secure:
        made["transport_socket"] = {"name": "tls", "typed_config": typed(TLS, sni=url.hostname, common_tls_context={
            "validation_context": {"trusted_ca": {"filename": tokens["keys_ca"]},
                                   "match_typed_subject_alt_names": [{"san_type": "DNS", "matcher": {"exact": url.hostname}}]}})}
    return made


def _inner():
    """From the outer listener to the inner one; the first bytes say whose connection it is."""
    sockets = "envoy.extensions.transport_sockets."
    plain = {"name": "plain", "typed_config": typed(f"{sockets}raw_buffer.v3.RawBuffer")}
    telling = typed(f"{sockets}proxy_protocol.v3.ProxyProtocolUpstreamTransport", config={"version": "V2"}, transport_socket=plain)
    endpoint = {"address": {"envoy_internal_address": {"server_listener_name": INNER}}}
    return {
        "name": INNER, "connect_timeout": "5s", "per_connection_buffer_limit_bytes": 65536,
        "load_assignment": {"cluster_name": INNER, "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}]},
        "transport_socket": {"name": "told", "typed_config": telling},
        # The limits are those of the listeners.
        "circuit_breakers": {"thresholds": [{"max_connections": 1000000, "max_pending_requests": 1000000}]},
    }


def clusters(values):
    return [_gateways(values), _inner()] + ([_keys(values["tokens"])] if values.get("tokens") else [])
