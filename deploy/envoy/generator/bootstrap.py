"""The whole configuration: what is limited, and the parts that stand in files of their own."""

from .clusters import address, clusters
from .filters import early, http_filters
from .listeners import listeners
from .replies import access_log, local_replies
from .routes import route_config
from .typed import NETWORK, typed

MONITORS = "envoy.extensions.resource_monitors."


def _http(methods, policy, roles, values):
    return {"name": "http", "typed_config": typed(
        f"{NETWORK}http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="callers", codec_type="AUTO",
        http_filters=http_filters(methods, policy, roles, values),
        route_config=route_config(methods, values),
        early_header_mutation_extensions=early(),
        local_reply_config=local_replies(),
        access_log=access_log(),
        # Names.
        use_remote_address=True, forward_client_cert_details="SANITIZE_SET", set_current_client_cert_details={"uri": True},
        # An id of the caller's is not written to, which Envoy else does to one of 36 characters.
        request_id_extension={"typed_config": typed("envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig", pack_trace_reason=False)},
        preserve_external_request_id=True, always_set_request_id_in_response=True, server_name="relais-front",
        # Paths: an encoded slash is part of a name.
        normalize_path=True, merge_slashes=True, strip_any_host_port=True, path_with_escaped_slashes_action="KEEP_UNCHANGED",
        # Limits. A gateway takes 16 KiB of headers and would end the connection of all callers for more.
        max_request_headers_kb=8, request_headers_timeout="5s", stream_idle_timeout="300s",
        common_http_protocol_options={"idle_timeout": "60s", "max_headers_count": 64, "headers_with_underscores_action": "REJECT_REQUEST"},
        http2_protocol_options={"max_concurrent_streams": 100, "initial_stream_window_size": 65536,
                                "initial_connection_window_size": 1048576, "connection_keepalive": {"interval": "60s", "timeout": "10s"}},
        # Only in trailers can a stream over HTTP/1.1 say that it failed.
        http_protocol_options={"enable_trailers": True})}


def _overload(values):
    # A call that waits takes some 20 KB. When many do, they wait less long, but longer than heartbeats need.
    timers = [{"timer": "HTTP_DOWNSTREAM_STREAM_IDLE", "min_timeout": "15s"}, {"timer": "HTTP_DOWNSTREAM_CONNECTION_IDLE", "min_timeout": "5s"}]
    shorter = {"name": "envoy.overload_actions.reduce_timeouts",
               "typed_config": typed("envoy.config.overload.v3.ScaleTimersOverloadActionConfig", timer_scale_factors=timers),
               "triggers": [{"name": "envoy.resource_monitors.fixed_heap", "scaled": {"scaling_threshold": 0.5, "saturation_threshold": 0.85}}]}
    return {
        "refresh_interval": "0.25s",
        "resource_monitors": [
            {"name": "envoy.resource_monitors.global_downstream_max_connections", "typed_config": typed(
                f"{MONITORS}downstream_connections.v3.DownstreamConnectionsConfig",
                max_active_downstream_connections=2 * values["connections"])},
            {"name": "envoy.resource_monitors.fixed_heap", "typed_config": typed(
                f"{MONITORS}fixed_heap.v3.FixedHeapConfig", max_heap_size_bytes=values["memory"])}],
        "actions": [shorter, *({"name": f"envoy.overload_actions.{action}", "triggers": [
            {"name": "envoy.resource_monitors.fixed_heap", "threshold": {"value": share}}]}
            for action, share in (("shrink_heap", 0.9), ("stop_accepting_requests", 0.95)))],
    }


def bootstrap(methods, policy, roles, values):
    return {
        "node": {"id": "relais-front", "cluster": "relais-front"},
        "admin": {"address": address(values["admin"])},
        # A caller who begins calls and resets them at once is sent away.
        "layered_runtime": {"layers": [{"name": "limits", "static_layer": {
            "overload.premature_reset_total_stream_count": 500, "overload.premature_reset_min_stream_lifetime_seconds": 1,
            # Of the calls that one connection sends at once others wait for one, not for all.
            "http.max_requests_per_io_cycle": 1,
            # Else the end of the inner connection, as after "connection: close", resets the outer one before its last bytes are out.
            "envoy.reloadable_features.enable_send_rst_on_user_space_socket": False,
            # Of the patterns of routes.
            "re2.max_program_size.error_level": 10000, "re2.max_program_size.warn_level": 10000}}]},
        "bootstrap_extensions": [{"name": "internal", "typed_config": typed(
            "envoy.extensions.bootstrap.internal_listener.v3.InternalListener")}],
        "overload_manager": _overload(values),
        "static_resources": {"listeners": listeners(_http(methods, policy, roles, values), values), "clusters": clusters(values)},
    }
