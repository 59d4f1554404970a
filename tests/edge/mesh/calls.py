"""Calls of any method by its name, and what their errors say."""

import grpc
from google.rpc import error_details_pb2, status_pb2

RECORDS = "relais.recordsql.v1.RecordSqlService"
QUEUES = "relais.jobqueue.v1.JobQueueService"
ROBOTS = "relais.robot.v1.RobotService"
CAMPAIGNS = "relais.campaign.v1.CampaignService"
EXPORTS = "relais.exports.v1.ExportService"


def call(channel, method, request=b"", metadata=(), timeout=20):
    """The bytes of the answer to a unary call; `request` is a message or bytes."""
    body = request if isinstance(request, bytes) else request.SerializeToString()
    return channel.unary_unary(f"/{method}")(body, metadata=metadata, timeout=timeout)


def code(channel, method, request=b"", metadata=()):
    """How a call ends: the name of the status code."""
    try:
        call(channel, method, request, metadata)
    except grpc.RpcError as error:
        return error.code().name
    return "OK"


def error_info(error):
    """google.rpc.ErrorInfo of an error of the gateway."""
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            info = error_details_pb2.ErrorInfo()
            for detail in status_pb2.Status.FromString(value).details:
                if detail.Unpack(info):
                    return info
    raise AssertionError(f"{error.code()} {error.details()} has no details")


def failure(channel, method, request=b"", metadata=()):
    """The error of a call that must fail."""
    try:
        call(channel, method, request, metadata)
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"{method} has not failed")
