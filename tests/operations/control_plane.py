"""A small control plane: tells clients of gRPC by xDS which gateways there are, and when that changes.

One aggregated stream for each client, the whole state in each answer. `gateways` are the addresses that get calls. With the policy
RING_HASH those with an equal x-relais-request-id go to the same one.
"""

import queue
import threading
from concurrent import futures

import grpc
from envoy.config.cluster.v3 import cluster_pb2
from envoy.config.core.v3 import address_pb2, config_source_pb2
from envoy.config.endpoint.v3 import endpoint_components_pb2, endpoint_pb2
from envoy.config.listener.v3 import api_listener_pb2, listener_pb2
from envoy.config.route.v3 import route_components_pb2, route_pb2
from envoy.extensions.filters.http.router.v3 import router_pb2
from envoy.extensions.filters.network.http_connection_manager.v3 import http_connection_manager_pb2 as manager
from envoy.service.discovery.v3 import ads_pb2_grpc, discovery_pb2
from google.protobuf import any_pb2

NAME = "relais"  # xds:///relais
BALANCED = "gateways"
REQUEST_ID = "x-relais-request-id"


def packed(message):
    made = any_pb2.Any()
    made.Pack(message)
    return made


def listener():
    action = route_components_pb2.RouteAction(cluster=BALANCED, hash_policy=[
        {"header": {"header_name": REQUEST_ID}, "terminal": True}])
    # Without a limit of its own for watches.
    action.max_stream_duration.max_stream_duration.FromSeconds(0)
    route = route_pb2.RouteConfiguration(name="all", virtual_hosts=[route_components_pb2.VirtualHost(
        name="all", domains=["*"], routes=[route_components_pb2.Route(match={"prefix": ""}, route=action)])])
    filters = [manager.HttpFilter(name="router", typed_config=packed(router_pb2.Router()))]
    return listener_pb2.Listener(name=NAME, api_listener=api_listener_pb2.ApiListener(
        api_listener=packed(manager.HttpConnectionManager(route_config=route, http_filters=filters))))


def cluster(policy):
    made = cluster_pb2.Cluster(name=BALANCED, type=cluster_pb2.Cluster.EDS, lb_policy=policy)
    made.eds_cluster_config.eds_config.ads.CopyFrom(config_source_pb2.AggregatedConfigSource())
    made.eds_cluster_config.eds_config.resource_api_version = config_source_pb2.V3
    return made


def endpoints(addresses):
    made = endpoint_pb2.ClusterLoadAssignment(cluster_name=BALANCED)
    place = made.endpoints.add(locality={"zone": "here"})
    place.load_balancing_weight.value = 1
    for text in addresses:
        host, _, port = text.rpartition(":")
        socket = address_pb2.SocketAddress(address=host, port_value=int(port))
        place.lb_endpoints.append(endpoint_components_pb2.LbEndpoint(
            endpoint={"address": address_pb2.Address(socket_address=socket)}))
    return made


class ControlPlane(ads_pb2_grpc.AggregatedDiscoveryServiceServicer):
    def __init__(self, gateways, policy):
        self._policy = policy  # a name of Cluster.LbPolicy
        self._lock = threading.Lock()
        self._gateways, self._version, self._clients = list(gateways), 1, []
        self.refused = []  # what clients have said of answers that they do not take
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
        ads_pb2_grpc.add_AggregatedDiscoveryServiceServicer_to_server(self, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def stop(self):
        self._server.stop(0).wait()

    def bootstrap(self):
        """What clients are started with, in GRPC_XDS_BOOTSTRAP_CONFIG."""
        return ('{"xds_servers":[{"server_uri":"127.0.0.1:%d","channel_creds":[{"type":"insecure"}],'
                '"server_features":["xds_v3"]}],"node":{"id":"test"}}' % self.port)

    def change(self, gateways):
        with self._lock:
            self._gateways, self._version = list(gateways), self._version + 1
            for client in self._clients:
                client.put(None)

    def StreamAggregatedResources(self, request_iterator, context):
        events = queue.Queue()
        with self._lock:
            self._clients.append(events)

        def read():
            try:
                for request in request_iterator:
                    events.put(request)
            except grpc.RpcError:
                pass
            events.put(StopIteration)

        threading.Thread(target=read, daemon=True).start()
        sent = {}  # type -> version
        while (event := events.get()) is not StopIteration:
            if event is not None and event.HasField("error_detail"):
                self.refused.append(event.error_detail.message)
            kinds = list(sent) if event is None else [event.type_url]
            for kind in kinds:
                with self._lock:
                    version, resource = self._version, self._resource(kind)
                if sent.get(kind) != version:
                    sent[kind] = version
                    yield discovery_pb2.DiscoveryResponse(
                        version_info=str(version), nonce=str(version), type_url=kind, resources=[packed(resource)])
        with self._lock:
            self._clients.remove(events)

    def _resource(self, kind):
        name = kind.rsplit(".", 1)[1]
        return {"Listener": listener, "Cluster": lambda: cluster(self._policy),
                "ClusterLoadAssignment": lambda: endpoints(self._gateways)}[name]()
