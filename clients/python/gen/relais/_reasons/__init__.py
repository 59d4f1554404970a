# Made by clients/python/generate. Do not edit.
"""The machine-readable causes of errors."""

from enum import IntEnum


class Reason(IntEnum):
    """Why a call failed, as the gateway says: `relais.error.v1.Reason`."""

    #: Never sent.
    REASON_UNSPECIFIED = 0
    #: A field of the request is missing, malformed or out of range (INVALID_ARGUMENT). Every violation is
    #: listed in `google.rpc.BadRequest`.
    INVALID_REQUEST = 1
    #: The page token is not one that this method returned, or belongs to other arguments
    #: (INVALID_ARGUMENT). Start again without it.
    INVALID_PAGE_TOKEN = 2
    #: The resume token is not one that this method returned, or belongs to another query
    #: (INVALID_ARGUMENT). Start again without it.
    INVALID_RESUME_TOKEN = 3
    #: The first segment of a name is not a connection of the gateway's configuration (NOT_FOUND).
    CONNECTION_NOT_FOUND = 4
    #: The configuration of the gateway does not permit this operation (PERMISSION_DENIED).
    NOT_PERMITTED_BY_CONFIGURATION = 5
    #: The caller's deadline has passed (DEADLINE_EXCEEDED).
    CALLER_DEADLINE = 6
    #: The caller has cancelled the call (CANCELLED).
    CALLER_CANCELLED = 7
    #: The gateway is shutting down (UNAVAILABLE with RetryInfo). Call again: another instance will answer.
    GATEWAY_DRAINING = 8
    #: A defect of the gateway (INTERNAL). Please report it with the request id.
    GATEWAY_INTERNAL = 9
    #: The upstream did not accept the request, HTTP 400, 422 or another 4xx (INVALID_ARGUMENT).
    UPSTREAM_REJECTED_REQUEST = 10
    #: The upstream refused the gateway's own credential, also after a new login (INTERNAL). An operator
    #: must correct the configuration.
    GATEWAY_CREDENTIAL_REJECTED = 11
    #: The upstream forbids this operation to the gateway's account, HTTP 403 (PERMISSION_DENIED).
    ACCESS_DENIED = 12
    #: The upstream does not know the resource, HTTP 404 or 410 (NOT_FOUND).
    RESOURCE_NOT_FOUND = 13
    #: The upstream does not speak the expected protocol, HTTP 405, 406 or 415 (INTERNAL).
    UPSTREAM_CONTRACT_BROKEN = 14
    #: The resource has changed in the meantime, HTTP 409 (ABORTED).
    RESOURCE_CONFLICT = 15
    #: The resource exists already, HTTP 409 on a creation (ALREADY_EXISTS).
    RESOURCE_EXISTS = 16
    #: The resource is not in a state that allows the operation, HTTP 412, 423 or 428
    #: (FAILED_PRECONDITION).
    PRECONDITION_FAILED = 17
    #: The request or its range is too large for the upstream, HTTP 413 or 416 (OUT_OF_RANGE).
    REQUEST_OUT_OF_RANGE = 18
    #: The upstream limits the rate, HTTP 429 (RESOURCE_EXHAUSTED with RetryInfo).
    UPSTREAM_RATE_LIMITED = 19
    #: The upstream failed, HTTP 500 (INTERNAL, with RetryInfo where the upstream has named a time). It is not
    #: tried again.
    UPSTREAM_FAILED = 20
    #: The upstream lacks the operation, HTTP 501 (UNIMPLEMENTED).
    UPSTREAM_UNSUPPORTED = 21
    #: The upstream is out of service for now, HTTP 502 or 503, or has failed so often that the gateway
    #: waits before asking again (UNAVAILABLE with RetryInfo).
    UPSTREAM_UNAVAILABLE = 22
    #: The upstream did not answer in time, HTTP 504 or 408 or the time for one attempt (UNAVAILABLE with
    #: RetryInfo when repeating is harmless, else DEADLINE_EXCEEDED with metadata `outcome: unknown`).
    UPSTREAM_TIMEOUT = 23
    #: No connection to the upstream, or it was lost before a complete reply (UNAVAILABLE with
    #: RetryInfo).
    UPSTREAM_UNREACHABLE = 24
    #: The reply of the upstream cannot be understood or is not complete (INTERNAL).
    UPSTREAM_MALFORMED_RESPONSE = 25
    #: Too many calls wait for this connection; nothing was sent (UNAVAILABLE with RetryInfo).
    UPSTREAM_SATURATED = 26
    #: RecordSql error 54: the dictionary is not in the upstream's allow-list (PERMISSION_DENIED).
    DICTIONARY_NOT_AUTHORIZED = 27
    #: RecordSql reported an error code that has no documented meaning (UNKNOWN); metadata `upstreamCode`
    #: has the code, LocalizedMessage the upstream's text.
    UPSTREAM_ERROR_CODE = 28
    #: The rows do not come in the order of `keyset_field`, or two of them share a value
    #: (FAILED_PRECONDITION): reading on could lose or repeat rows.
    KEYSET_NOT_ORDERED = 29
    #: The `request_id` was used before with other arguments (INVALID_ARGUMENT). Take a new one.
    REQUEST_ID_REUSED = 30
    #: A call with the same `request_id` is under way (ABORTED with RetryInfo): call again for its answer.
    REQUEST_IN_PROGRESS = 31
    #: Whether the upstream has taken the submission cannot be known now (UNKNOWN, with RetryInfo where asking
    #: again can help); it will not be sent again blindly. Calling again with the same `request_id` (metadata
    #: `submissionRequestId` has it) asks the upstream anew.
    SUBMISSION_OUTCOME_UNKNOWN = 32
    #: The content that arrived is not what its size or checksum promised (INVALID_ARGUMENT).
    CHECKSUM_MISMATCH = 33
    #: The gateway has no room to hold a file for now (RESOURCE_EXHAUSTED with RetryInfo).
    GATEWAY_STORAGE_FULL = 34
    #: The upstream accepted an action, whose work failed before it had an id (ABORTED); LocalizedMessage has the
    #: upstream's text. An action that fails later is a state of its run, not an error.
    ACTION_FAILED = 35
    #: The columns are no longer those for which the resume token was made (FAILED_PRECONDITION): begin anew.
    COLUMNS_CHANGED = 36
    #: All callers together hold as much of the gateway as its configuration allows: streams, watches, uploads or
    #: stored bytes (RESOURCE_EXHAUSTED with RetryInfo); metadata `limit` names the key. Nothing was sent.
    GATEWAY_LIMIT_REACHED = 37
    #: The caller sent nothing of its upload, or took nothing of its download, for longer than the gateway waits
    #: (DEADLINE_EXCEEDED). Nothing of an upload was sent upstream. Of a download only code and message arrive: they name
    #: the reason.
    TRANSFER_STALLED = 38
