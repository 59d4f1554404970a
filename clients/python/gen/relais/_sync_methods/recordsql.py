# Made by clients/python/generate. Do not edit.
"""The blocking methods of RecordSqlService, with their types."""

from __future__ import annotations

from relais._sync.calls import Calls, Lister, Streamer, Unary
from relais.recordsql.v1 import recordsql_pb2


class RecordSqlService:
    """Reads rows that the ERP's administrator has published as RecordSqls: named queries with named where, order-by and having cases, grouped in dictionaries. Read only.  All names of this upstream are case-insensitive. Errors carry a reason of `relais.error.v1.Reason`; besides those named at a method, every method that asks the upstream may return UPSTREAM_UNREACHABLE, UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_RATE_LIMITED, UPSTREAM_SATURATED, UPSTREAM_FAILED, UPSTREAM_MALFORMED_RESPONSE, UPSTREAM_ERROR_CODE, GATEWAY_CREDENTIAL_REJECTED, CALLER_DEADLINE and CALLER_CANCELLED.  A page, of QueryRecords as of every list, also ends before it has about 3 MiB, with a `next_page_token`: clients of gRPC refuse more than 4 MiB unless told otherwise."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.ListErps: Lister[recordsql_pb2.ListErpsRequest, recordsql_pb2.ListErpsResponse, recordsql_pb2.Erp] = Lister(
            calls, "/relais.recordsql.v1.RecordSqlService/ListErps", recordsql_pb2.ListErpsRequest, recordsql_pb2.ListErpsResponse, "erps")
        """Lists the configured ERP connections without asking the upstreams. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.GetErp: Unary[recordsql_pb2.GetErpRequest, recordsql_pb2.Erp] = Unary(
            calls, "/relais.recordsql.v1.RecordSqlService/GetErp", recordsql_pb2.GetErpRequest, recordsql_pb2.Erp)
        """Tells version, session and reachability of one ERP by asking it. An ERP that does not answer is not an error here but is reported in `Erp.reachability`. Unary, read only. Reasons: INVALID_REQUEST, CONNECTION_NOT_FOUND."""
        self.ListDictionaries: Lister[recordsql_pb2.ListDictionariesRequest, recordsql_pb2.ListDictionariesResponse, recordsql_pb2.Dictionary] = Lister(
            calls, "/relais.recordsql.v1.RecordSqlService/ListDictionaries", recordsql_pb2.ListDictionariesRequest, recordsql_pb2.ListDictionariesResponse, "dictionaries")
        """Lists the dictionaries declared in the configuration of one ERP. Unary, read only, from memory. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN, CONNECTION_NOT_FOUND."""
        self.ListRecordSqls: Lister[recordsql_pb2.ListRecordSqlsRequest, recordsql_pb2.ListRecordSqlsResponse, recordsql_pb2.RecordSql] = Lister(
            calls, "/relais.recordsql.v1.RecordSqlService/ListRecordSqls", recordsql_pb2.ListRecordSqlsRequest, recordsql_pb2.ListRecordSqlsResponse, "record_sqls")
        """Lists the RecordSqls of one declared dictionary, without their columns, joins and cases. Unary, read only, from memory. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN, CONNECTION_NOT_FOUND, RESOURCE_NOT_FOUND."""
        self.GetRecordSql: Unary[recordsql_pb2.GetRecordSqlRequest, recordsql_pb2.RecordSql] = Unary(
            calls, "/relais.recordsql.v1.RecordSqlService/GetRecordSql", recordsql_pb2.GetRecordSqlRequest, recordsql_pb2.RecordSql)
        """Describes one declared RecordSql: columns, joins, and where, order-by and having cases with their parameters. Unary, read only, from memory. Reasons: INVALID_REQUEST, CONNECTION_NOT_FOUND, RESOURCE_NOT_FOUND."""
        self.QueryRecords: Unary[recordsql_pb2.QueryRecordsRequest, recordsql_pb2.QueryRecordsResponse] = Unary(
            calls, "/relais.recordsql.v1.RecordSqlService/QueryRecords", recordsql_pb2.QueryRecordsRequest, recordsql_pb2.QueryRecordsResponse)
        """Reads one page of rows. The page is filled up to `page_size` even where the upstream returns fewer rows per request. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN, CONNECTION_NOT_FOUND, DICTIONARY_NOT_AUTHORIZED, NOT_PERMITTED_BY_CONFIGURATION."""
        self.StreamRecords: Streamer[recordsql_pb2.StreamRecordsRequest, recordsql_pb2.StreamRecordsResponse] = Streamer(
            calls, "/relais.recordsql.v1.RecordSqlService/StreamRecords", recordsql_pb2.StreamRecordsRequest, recordsql_pb2.StreamRecordsResponse)
        """Streams all rows, page by page, in batches. A stream of rows: lossless, in order, pulled (the next page is asked for only when the caller has taken the last batch), resumable from any batch. It ends OK only when the upstream has no more rows. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, CONNECTION_NOT_FOUND, DICTIONARY_NOT_AUTHORIZED, NOT_PERMITTED_BY_CONFIGURATION, KEYSET_NOT_ORDERED, COLUMNS_CHANGED (since the resume token was made), GATEWAY_DRAINING."""
        self.ExplainQuery: Unary[recordsql_pb2.ExplainQueryRequest, recordsql_pb2.ExplainQueryResponse] = Unary(
            calls, "/relais.recordsql.v1.RecordSqlService/ExplainQuery", recordsql_pb2.ExplainQueryRequest, recordsql_pb2.ExplainQueryResponse)
        """Shows the exact request that QueryRecords would send upstream, credentials removed, and sends nothing. Unary, read only. Reasons: INVALID_REQUEST, CONNECTION_NOT_FOUND, NOT_PERMITTED_BY_CONFIGURATION."""
        self.ClearCache: Unary[recordsql_pb2.ClearCacheRequest, recordsql_pb2.ClearCacheResponse] = Unary(
            calls, "/relais.recordsql.v1.RecordSqlService/ClearCache", recordsql_pb2.ClearCacheRequest, recordsql_pb2.ClearCacheResponse)
        """Drops one of the upstream's caches, which it otherwise refreshes every 10 minutes. Unary; repeating it is harmless. Reasons: INVALID_REQUEST, CONNECTION_NOT_FOUND, REQUEST_ID_REUSED, REQUEST_IN_PROGRESS."""
        self.GetSession: Unary[recordsql_pb2.GetSessionRequest, recordsql_pb2.Session] = Unary(
            calls, "/relais.recordsql.v1.RecordSqlService/GetSession", recordsql_pb2.GetSessionRequest, recordsql_pb2.Session)
        """Tells what the upstream says of the gateway's session (`infostoken`). The token itself is never shown. Unary, read only. Reasons: INVALID_REQUEST, CONNECTION_NOT_FOUND, DICTIONARY_NOT_AUTHORIZED."""
        self.SetDebug: Unary[recordsql_pb2.SetDebugRequest, recordsql_pb2.SetDebugResponse] = Unary(
            calls, "/relais.recordsql.v1.RecordSqlService/SetDebug", recordsql_pb2.SetDebugRequest, recordsql_pb2.SetDebugResponse)
        """Switches the debug log of the upstream's REST module on or off. It slows down the whole module for everyone, therefore it needs `permissions.debug` in the configuration. Unary; repeating it is harmless. Reasons: INVALID_REQUEST, CONNECTION_NOT_FOUND, NOT_PERMITTED_BY_CONFIGURATION, REQUEST_ID_REUSED, REQUEST_IN_PROGRESS."""
        self.DiagnoseEnvironment: Unary[recordsql_pb2.DiagnoseEnvironmentRequest, recordsql_pb2.DiagnoseEnvironmentResponse] = Unary(
            calls, "/relais.recordsql.v1.RecordSqlService/DiagnoseEnvironment", recordsql_pb2.DiagnoseEnvironmentRequest, recordsql_pb2.DiagnoseEnvironmentResponse)
        """Logs in once more with `<debugenv>1` and returns the upstream's trace of how it loaded the environment. The upstream gives it only at the first login of an account since its cache was emptied. Needs `permissions.debug` in the configuration. Unary. Reasons: INVALID_REQUEST, CONNECTION_NOT_FOUND, NOT_PERMITTED_BY_CONFIGURATION."""
