import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from google.type import date_pb2 as _date_pb2
from google.type import timeofday_pb2 as _timeofday_pb2
from relais.campaign.v1 import campaign_pb2 as _campaign_pb2
from relais.jobqueue.v1 import jobqueue_pb2 as _jobqueue_pb2
from relais.recordsql.v1 import recordsql_pb2 as _recordsql_pb2
from relais.robot.v1 import robot_pb2 as _robot_pb2
from relais.type.v1 import type_pb2 as _type_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Granularity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRANULARITY_UNSPECIFIED: _ClassVar[Granularity]
    GRANULARITY_DAY: _ClassVar[Granularity]
    GRANULARITY_WEEK: _ClassVar[Granularity]
    GRANULARITY_MONTH: _ClassVar[Granularity]
    GRANULARITY_SLOT: _ClassVar[Granularity]

class MissedPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MISSED_POLICY_UNSPECIFIED: _ClassVar[MissedPolicy]
    MISSED_POLICY_NONE: _ClassVar[MissedPolicy]
    MISSED_POLICY_LAST: _ClassVar[MissedPolicy]
    MISSED_POLICY_ALL: _ClassVar[MissedPolicy]

class OverlapPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OVERLAP_POLICY_UNSPECIFIED: _ClassVar[OverlapPolicy]
    OVERLAP_POLICY_QUEUE: _ClassVar[OverlapPolicy]
    OVERLAP_POLICY_SKIP: _ClassVar[OverlapPolicy]
    OVERLAP_POLICY_CANCEL_EARLIER: _ClassVar[OverlapPolicy]

class EmptyPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EMPTY_POLICY_UNSPECIFIED: _ClassVar[EmptyPolicy]
    EMPTY_POLICY_SKIP: _ClassVar[EmptyPolicy]
    EMPTY_POLICY_HEADER_ONLY: _ClassVar[EmptyPolicy]
    EMPTY_POLICY_FAIL: _ClassVar[EmptyPolicy]
GRANULARITY_UNSPECIFIED: Granularity
GRANULARITY_DAY: Granularity
GRANULARITY_WEEK: Granularity
GRANULARITY_MONTH: Granularity
GRANULARITY_SLOT: Granularity
MISSED_POLICY_UNSPECIFIED: MissedPolicy
MISSED_POLICY_NONE: MissedPolicy
MISSED_POLICY_LAST: MissedPolicy
MISSED_POLICY_ALL: MissedPolicy
OVERLAP_POLICY_UNSPECIFIED: OverlapPolicy
OVERLAP_POLICY_QUEUE: OverlapPolicy
OVERLAP_POLICY_SKIP: OverlapPolicy
OVERLAP_POLICY_CANCEL_EARLIER: OverlapPolicy
EMPTY_POLICY_UNSPECIFIED: EmptyPolicy
EMPTY_POLICY_SKIP: EmptyPolicy
EMPTY_POLICY_HEADER_ONLY: EmptyPolicy
EMPTY_POLICY_FAIL: EmptyPolicy

class ListExportsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListExportsResponse(_message.Message):
    __slots__ = ("exports", "next_page_token")
    EXPORTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    exports: _containers.RepeatedCompositeFieldContainer[Export]
    next_page_token: str
    def __init__(self, exports: _Optional[_Iterable[_Union[Export, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetExportRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class CreateExportRequest(_message.Message):
    __slots__ = ("export_id", "export", "request_id")
    EXPORT_ID_FIELD_NUMBER: _ClassVar[int]
    EXPORT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    export_id: str
    export: Export
    request_id: str
    def __init__(self, export_id: _Optional[str] = ..., export: _Optional[_Union[Export, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class UpdateExportRequest(_message.Message):
    __slots__ = ("export", "update_mask", "request_id")
    EXPORT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    export: Export
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, export: _Optional[_Union[Export, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteExportRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteExportResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ValidateExportRequest(_message.Message):
    __slots__ = ("export", "date", "preview_rows")
    EXPORT_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_ROWS_FIELD_NUMBER: _ClassVar[int]
    export: Export
    date: _date_pb2.Date
    preview_rows: int
    def __init__(self, export: _Optional[_Union[Export, _Mapping]] = ..., date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., preview_rows: _Optional[int] = ...) -> None: ...

class ValidateExportResponse(_message.Message):
    __slots__ = ("period", "bound_query", "next_slots", "headers", "rows", "warnings")
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    BOUND_QUERY_FIELD_NUMBER: _ClassVar[int]
    NEXT_SLOTS_FIELD_NUMBER: _ClassVar[int]
    HEADERS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    period: Period
    bound_query: str
    next_slots: _containers.RepeatedCompositeFieldContainer[Slot]
    headers: _containers.RepeatedScalarFieldContainer[str]
    rows: _containers.RepeatedCompositeFieldContainer[PreviewRow]
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, period: _Optional[_Union[Period, _Mapping]] = ..., bound_query: _Optional[str] = ..., next_slots: _Optional[_Iterable[_Union[Slot, _Mapping]]] = ..., headers: _Optional[_Iterable[str]] = ..., rows: _Optional[_Iterable[_Union[PreviewRow, _Mapping]]] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class PreviewRow(_message.Message):
    __slots__ = ("cells",)
    CELLS_FIELD_NUMBER: _ClassVar[int]
    cells: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cells: _Optional[_Iterable[str]] = ...) -> None: ...

class Slot(_message.Message):
    __slots__ = ("time", "local_time", "period")
    TIME_FIELD_NUMBER: _ClassVar[int]
    LOCAL_TIME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    time: _timestamp_pb2.Timestamp
    local_time: str
    period: Period
    def __init__(self, time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., local_time: _Optional[str] = ..., period: _Optional[_Union[Period, _Mapping]] = ...) -> None: ...

class PauseExportRequest(_message.Message):
    __slots__ = ("name", "reason", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    reason: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ResumeExportRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RunExportRequest(_message.Message):
    __slots__ = ("name", "date", "again", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    AGAIN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    date: _date_pb2.Date
    again: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., again: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class BackfillExportRequest(_message.Message):
    __slots__ = ("name", "first_date", "last_date", "again", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIRST_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_DATE_FIELD_NUMBER: _ClassVar[int]
    AGAIN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    first_date: _date_pb2.Date
    last_date: _date_pb2.Date
    again: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., first_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., last_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., again: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class BackfillExportResponse(_message.Message):
    __slots__ = ("runs",)
    RUNS_FIELD_NUMBER: _ClassVar[int]
    runs: _containers.RepeatedCompositeFieldContainer[ExportRun]
    def __init__(self, runs: _Optional[_Iterable[_Union[ExportRun, _Mapping]]] = ...) -> None: ...

class ListExportRunsRequest(_message.Message):
    __slots__ = ("parent", "filter", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    filter: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., filter: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListExportRunsResponse(_message.Message):
    __slots__ = ("runs", "next_page_token")
    RUNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    runs: _containers.RepeatedCompositeFieldContainer[ExportRun]
    next_page_token: str
    def __init__(self, runs: _Optional[_Iterable[_Union[ExportRun, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetExportRunRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class CancelExportRunRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class WatchExportRunRequest(_message.Message):
    __slots__ = ("name", "resume_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    resume_token: str
    def __init__(self, name: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchExportRunResponse(_message.Message):
    __slots__ = ("run", "resume_token")
    RUN_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    run: ExportRun
    resume_token: str
    def __init__(self, run: _Optional[_Union[ExportRun, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class DownloadExportFileRequest(_message.Message):
    __slots__ = ("name", "file_name")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    file_name: str
    def __init__(self, name: _Optional[str] = ..., file_name: _Optional[str] = ...) -> None: ...

class DownloadExportFileResponse(_message.Message):
    __slots__ = ("metadata", "chunk", "trailer")
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    TRAILER_FIELD_NUMBER: _ClassVar[int]
    metadata: _type_pb2.FileMetadata
    chunk: bytes
    trailer: _type_pb2.FileTrailer
    def __init__(self, metadata: _Optional[_Union[_type_pb2.FileMetadata, _Mapping]] = ..., chunk: _Optional[bytes] = ..., trailer: _Optional[_Union[_type_pb2.FileTrailer, _Mapping]] = ...) -> None: ...

class DownloadExportFileContentRequest(_message.Message):
    __slots__ = ("name", "file_name")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    file_name: str
    def __init__(self, name: _Optional[str] = ..., file_name: _Optional[str] = ...) -> None: ...

class Export(_message.Message):
    __slots__ = ("name", "display_name", "source", "schedule", "columns", "format", "retry", "empty", "deliveries", "file_name", "retention", "alert_after", "pause_on_failure", "concurrency_group", "origin", "paused", "pause_reason", "create_time", "update_time", "etag", "next_slot_time", "last_success_time")
    class Origin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ORIGIN_UNSPECIFIED: _ClassVar[Export.Origin]
        ORIGIN_API: _ClassVar[Export.Origin]
        ORIGIN_FILE: _ClassVar[Export.Origin]
    ORIGIN_UNSPECIFIED: Export.Origin
    ORIGIN_API: Export.Origin
    ORIGIN_FILE: Export.Origin
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    EMPTY_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    ALERT_AFTER_FIELD_NUMBER: _ClassVar[int]
    PAUSE_ON_FAILURE_FIELD_NUMBER: _ClassVar[int]
    CONCURRENCY_GROUP_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    PAUSED_FIELD_NUMBER: _ClassVar[int]
    PAUSE_REASON_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    NEXT_SLOT_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_SUCCESS_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    source: Source
    schedule: Schedule
    columns: _containers.RepeatedCompositeFieldContainer[Column]
    format: Format
    retry: RetryPolicy
    empty: EmptyPolicy
    deliveries: _containers.RepeatedCompositeFieldContainer[Delivery]
    file_name: str
    retention: _duration_pb2.Duration
    alert_after: _duration_pb2.Duration
    pause_on_failure: bool
    concurrency_group: str
    origin: Export.Origin
    paused: bool
    pause_reason: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    next_slot_time: _timestamp_pb2.Timestamp
    last_success_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., source: _Optional[_Union[Source, _Mapping]] = ..., schedule: _Optional[_Union[Schedule, _Mapping]] = ..., columns: _Optional[_Iterable[_Union[Column, _Mapping]]] = ..., format: _Optional[_Union[Format, _Mapping]] = ..., retry: _Optional[_Union[RetryPolicy, _Mapping]] = ..., empty: _Optional[_Union[EmptyPolicy, str]] = ..., deliveries: _Optional[_Iterable[_Union[Delivery, _Mapping]]] = ..., file_name: _Optional[str] = ..., retention: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., alert_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., pause_on_failure: bool = ..., concurrency_group: _Optional[str] = ..., origin: _Optional[_Union[Export.Origin, str]] = ..., paused: bool = ..., pause_reason: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., next_slot_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_success_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Source(_message.Message):
    __slots__ = ("records", "robot_logs", "robot_jobs", "jobs", "answers", "files", "bindings")
    class BindingsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    ROBOT_LOGS_FIELD_NUMBER: _ClassVar[int]
    ROBOT_JOBS_FIELD_NUMBER: _ClassVar[int]
    JOBS_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    BINDINGS_FIELD_NUMBER: _ClassVar[int]
    records: _recordsql_pb2.StreamRecordsRequest
    robot_logs: _robot_pb2.ListRobotLogsRequest
    robot_jobs: _robot_pb2.ListJobsRequest
    jobs: _jobqueue_pb2.ListJobsRequest
    answers: _campaign_pb2.ListAnswersRequest
    files: FileSource
    bindings: _containers.ScalarMap[str, str]
    def __init__(self, records: _Optional[_Union[_recordsql_pb2.StreamRecordsRequest, _Mapping]] = ..., robot_logs: _Optional[_Union[_robot_pb2.ListRobotLogsRequest, _Mapping]] = ..., robot_jobs: _Optional[_Union[_robot_pb2.ListJobsRequest, _Mapping]] = ..., jobs: _Optional[_Union[_jobqueue_pb2.ListJobsRequest, _Mapping]] = ..., answers: _Optional[_Union[_campaign_pb2.ListAnswersRequest, _Mapping]] = ..., files: _Optional[_Union[FileSource, _Mapping]] = ..., bindings: _Optional[_Mapping[str, str]] = ...) -> None: ...

class FileSource(_message.Message):
    __slots__ = ("jobs", "answers", "file_name_pattern")
    JOBS_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_PATTERN_FIELD_NUMBER: _ClassVar[int]
    jobs: _jobqueue_pb2.ListJobsRequest
    answers: _campaign_pb2.ListAnswersRequest
    file_name_pattern: str
    def __init__(self, jobs: _Optional[_Union[_jobqueue_pb2.ListJobsRequest, _Mapping]] = ..., answers: _Optional[_Union[_campaign_pb2.ListAnswersRequest, _Mapping]] = ..., file_name_pattern: _Optional[str] = ...) -> None: ...

class Schedule(_message.Message):
    __slots__ = ("daily", "monthly", "cron", "end_of_campaign", "granularity", "time_zone", "window", "grace", "missed", "catch_up_window", "overlap")
    DAILY_FIELD_NUMBER: _ClassVar[int]
    MONTHLY_FIELD_NUMBER: _ClassVar[int]
    CRON_FIELD_NUMBER: _ClassVar[int]
    END_OF_CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    GRANULARITY_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    GRACE_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    CATCH_UP_WINDOW_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    daily: Daily
    monthly: Monthly
    cron: str
    end_of_campaign: EndOfCampaign
    granularity: Granularity
    time_zone: str
    window: Window
    grace: _duration_pb2.Duration
    missed: MissedPolicy
    catch_up_window: _duration_pb2.Duration
    overlap: OverlapPolicy
    def __init__(self, daily: _Optional[_Union[Daily, _Mapping]] = ..., monthly: _Optional[_Union[Monthly, _Mapping]] = ..., cron: _Optional[str] = ..., end_of_campaign: _Optional[_Union[EndOfCampaign, _Mapping]] = ..., granularity: _Optional[_Union[Granularity, str]] = ..., time_zone: _Optional[str] = ..., window: _Optional[_Union[Window, _Mapping]] = ..., grace: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., missed: _Optional[_Union[MissedPolicy, str]] = ..., catch_up_window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., overlap: _Optional[_Union[OverlapPolicy, str]] = ...) -> None: ...

class Daily(_message.Message):
    __slots__ = ("time", "days_of_week")
    TIME_FIELD_NUMBER: _ClassVar[int]
    DAYS_OF_WEEK_FIELD_NUMBER: _ClassVar[int]
    time: _timeofday_pb2.TimeOfDay
    days_of_week: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., days_of_week: _Optional[_Iterable[int]] = ...) -> None: ...

class Monthly(_message.Message):
    __slots__ = ("day_of_month", "working_day", "time")
    DAY_OF_MONTH_FIELD_NUMBER: _ClassVar[int]
    WORKING_DAY_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    day_of_month: int
    working_day: int
    time: _timeofday_pb2.TimeOfDay
    def __init__(self, day_of_month: _Optional[int] = ..., working_day: _Optional[int] = ..., time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ...) -> None: ...

class EndOfCampaign(_message.Message):
    __slots__ = ("campaign",)
    CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    campaign: str
    def __init__(self, campaign: _Optional[str] = ...) -> None: ...

class Window(_message.Message):
    __slots__ = ("to", "may_exceed")
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    MAY_EXCEED_FIELD_NUMBER: _ClassVar[int]
    to: _timeofday_pb2.TimeOfDay
    may_exceed: bool
    def __init__(self, to: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., may_exceed: bool = ..., **kwargs) -> None: ...

class Column(_message.Message):
    __slots__ = ("field", "header", "type", "format", "scale", "width", "masked")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TYPE_UNSPECIFIED: _ClassVar[Column.Type]
        TYPE_TEXT: _ClassVar[Column.Type]
        TYPE_INTEGER: _ClassVar[Column.Type]
        TYPE_DECIMAL: _ClassVar[Column.Type]
        TYPE_DATE: _ClassVar[Column.Type]
        TYPE_DATE_TIME: _ClassVar[Column.Type]
        TYPE_TIME: _ClassVar[Column.Type]
        TYPE_BOOL: _ClassVar[Column.Type]
    TYPE_UNSPECIFIED: Column.Type
    TYPE_TEXT: Column.Type
    TYPE_INTEGER: Column.Type
    TYPE_DECIMAL: Column.Type
    TYPE_DATE: Column.Type
    TYPE_DATE_TIME: Column.Type
    TYPE_TIME: Column.Type
    TYPE_BOOL: Column.Type
    FIELD_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    MASKED_FIELD_NUMBER: _ClassVar[int]
    field: str
    header: str
    type: Column.Type
    format: str
    scale: int
    width: float
    masked: bool
    def __init__(self, field: _Optional[str] = ..., header: _Optional[str] = ..., type: _Optional[_Union[Column.Type, str]] = ..., format: _Optional[str] = ..., scale: _Optional[int] = ..., width: _Optional[float] = ..., masked: bool = ...) -> None: ...

class Format(_message.Message):
    __slots__ = ("csv", "xlsx", "ndjson", "gzip")
    CSV_FIELD_NUMBER: _ClassVar[int]
    XLSX_FIELD_NUMBER: _ClassVar[int]
    NDJSON_FIELD_NUMBER: _ClassVar[int]
    GZIP_FIELD_NUMBER: _ClassVar[int]
    csv: Csv
    xlsx: Xlsx
    ndjson: Ndjson
    gzip: bool
    def __init__(self, csv: _Optional[_Union[Csv, _Mapping]] = ..., xlsx: _Optional[_Union[Xlsx, _Mapping]] = ..., ndjson: _Optional[_Union[Ndjson, _Mapping]] = ..., gzip: bool = ...) -> None: ...

class Csv(_message.Message):
    __slots__ = ("delimiter", "no_header", "encoding", "unencodable", "newline", "quoting", "decimal_comma", "formula_guard", "null_text")
    class Encoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ENCODING_UNSPECIFIED: _ClassVar[Csv.Encoding]
        ENCODING_UTF8: _ClassVar[Csv.Encoding]
        ENCODING_UTF8_BOM: _ClassVar[Csv.Encoding]
        ENCODING_WINDOWS_1252: _ClassVar[Csv.Encoding]
    ENCODING_UNSPECIFIED: Csv.Encoding
    ENCODING_UTF8: Csv.Encoding
    ENCODING_UTF8_BOM: Csv.Encoding
    ENCODING_WINDOWS_1252: Csv.Encoding
    class Unencodable(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNENCODABLE_UNSPECIFIED: _ClassVar[Csv.Unencodable]
        UNENCODABLE_FAIL: _ClassVar[Csv.Unencodable]
        UNENCODABLE_REPLACE: _ClassVar[Csv.Unencodable]
    UNENCODABLE_UNSPECIFIED: Csv.Unencodable
    UNENCODABLE_FAIL: Csv.Unencodable
    UNENCODABLE_REPLACE: Csv.Unencodable
    class Newline(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        NEWLINE_UNSPECIFIED: _ClassVar[Csv.Newline]
        NEWLINE_CRLF: _ClassVar[Csv.Newline]
        NEWLINE_LF: _ClassVar[Csv.Newline]
    NEWLINE_UNSPECIFIED: Csv.Newline
    NEWLINE_CRLF: Csv.Newline
    NEWLINE_LF: Csv.Newline
    class Quoting(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        QUOTING_UNSPECIFIED: _ClassVar[Csv.Quoting]
        QUOTING_MINIMAL: _ClassVar[Csv.Quoting]
        QUOTING_ALL: _ClassVar[Csv.Quoting]
        QUOTING_TEXT: _ClassVar[Csv.Quoting]
    QUOTING_UNSPECIFIED: Csv.Quoting
    QUOTING_MINIMAL: Csv.Quoting
    QUOTING_ALL: Csv.Quoting
    QUOTING_TEXT: Csv.Quoting
    class FormulaGuard(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        FORMULA_GUARD_UNSPECIFIED: _ClassVar[Csv.FormulaGuard]
        FORMULA_GUARD_QUOTE: _ClassVar[Csv.FormulaGuard]
        FORMULA_GUARD_OFF: _ClassVar[Csv.FormulaGuard]
    FORMULA_GUARD_UNSPECIFIED: Csv.FormulaGuard
    FORMULA_GUARD_QUOTE: Csv.FormulaGuard
    FORMULA_GUARD_OFF: Csv.FormulaGuard
    DELIMITER_FIELD_NUMBER: _ClassVar[int]
    NO_HEADER_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    UNENCODABLE_FIELD_NUMBER: _ClassVar[int]
    NEWLINE_FIELD_NUMBER: _ClassVar[int]
    QUOTING_FIELD_NUMBER: _ClassVar[int]
    DECIMAL_COMMA_FIELD_NUMBER: _ClassVar[int]
    FORMULA_GUARD_FIELD_NUMBER: _ClassVar[int]
    NULL_TEXT_FIELD_NUMBER: _ClassVar[int]
    delimiter: str
    no_header: bool
    encoding: Csv.Encoding
    unencodable: Csv.Unencodable
    newline: Csv.Newline
    quoting: Csv.Quoting
    decimal_comma: bool
    formula_guard: Csv.FormulaGuard
    null_text: str
    def __init__(self, delimiter: _Optional[str] = ..., no_header: bool = ..., encoding: _Optional[_Union[Csv.Encoding, str]] = ..., unencodable: _Optional[_Union[Csv.Unencodable, str]] = ..., newline: _Optional[_Union[Csv.Newline, str]] = ..., quoting: _Optional[_Union[Csv.Quoting, str]] = ..., decimal_comma: bool = ..., formula_guard: _Optional[_Union[Csv.FormulaGuard, str]] = ..., null_text: _Optional[str] = ...) -> None: ...

class Xlsx(_message.Message):
    __slots__ = ("sheet_name", "rows_per_sheet", "no_header")
    SHEET_NAME_FIELD_NUMBER: _ClassVar[int]
    ROWS_PER_SHEET_FIELD_NUMBER: _ClassVar[int]
    NO_HEADER_FIELD_NUMBER: _ClassVar[int]
    sheet_name: str
    rows_per_sheet: int
    no_header: bool
    def __init__(self, sheet_name: _Optional[str] = ..., rows_per_sheet: _Optional[int] = ..., no_header: bool = ...) -> None: ...

class Ndjson(_message.Message):
    __slots__ = ("numbers_as_numbers",)
    NUMBERS_AS_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    numbers_as_numbers: bool
    def __init__(self, numbers_as_numbers: bool = ...) -> None: ...

class RetryPolicy(_message.Message):
    __slots__ = ("initial_backoff", "max_backoff", "max_attempts")
    INITIAL_BACKOFF_FIELD_NUMBER: _ClassVar[int]
    MAX_BACKOFF_FIELD_NUMBER: _ClassVar[int]
    MAX_ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    initial_backoff: _duration_pb2.Duration
    max_backoff: _duration_pb2.Duration
    max_attempts: int
    def __init__(self, initial_backoff: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_backoff: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_attempts: _Optional[int] = ...) -> None: ...

class Delivery(_message.Message):
    __slots__ = ("destination", "path", "conflict", "no_manifest")
    class Conflict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        CONFLICT_UNSPECIFIED: _ClassVar[Delivery.Conflict]
        CONFLICT_REPLACE: _ClassVar[Delivery.Conflict]
        CONFLICT_FAIL: _ClassVar[Delivery.Conflict]
    CONFLICT_UNSPECIFIED: Delivery.Conflict
    CONFLICT_REPLACE: Delivery.Conflict
    CONFLICT_FAIL: Delivery.Conflict
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_FIELD_NUMBER: _ClassVar[int]
    NO_MANIFEST_FIELD_NUMBER: _ClassVar[int]
    destination: str
    path: str
    conflict: Delivery.Conflict
    no_manifest: bool
    def __init__(self, destination: _Optional[str] = ..., path: _Optional[str] = ..., conflict: _Optional[_Union[Delivery.Conflict, str]] = ..., no_manifest: bool = ...) -> None: ...

class Period(_message.Message):
    __slots__ = ("id", "start_time", "end_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ExportRun(_message.Message):
    __slots__ = ("name", "period", "state", "trigger", "attempt", "slot_time", "start_time", "end_time", "next_attempt_time", "rows", "bytes", "rows_per_second", "percent", "files", "deliveries", "error", "ended", "succeeded", "request_id", "definition", "query_fingerprint")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[ExportRun.State]
        STATE_PENDING: _ClassVar[ExportRun.State]
        STATE_RUNNING: _ClassVar[ExportRun.State]
        STATE_WAITING: _ClassVar[ExportRun.State]
        STATE_DELIVERING: _ClassVar[ExportRun.State]
        STATE_SUCCEEDED: _ClassVar[ExportRun.State]
        STATE_SKIPPED: _ClassVar[ExportRun.State]
        STATE_FAILED: _ClassVar[ExportRun.State]
        STATE_CANCELLED: _ClassVar[ExportRun.State]
    STATE_UNSPECIFIED: ExportRun.State
    STATE_PENDING: ExportRun.State
    STATE_RUNNING: ExportRun.State
    STATE_WAITING: ExportRun.State
    STATE_DELIVERING: ExportRun.State
    STATE_SUCCEEDED: ExportRun.State
    STATE_SKIPPED: ExportRun.State
    STATE_FAILED: ExportRun.State
    STATE_CANCELLED: ExportRun.State
    class Trigger(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TRIGGER_UNSPECIFIED: _ClassVar[ExportRun.Trigger]
        TRIGGER_SCHEDULE: _ClassVar[ExportRun.Trigger]
        TRIGGER_MANUAL: _ClassVar[ExportRun.Trigger]
        TRIGGER_BACKFILL: _ClassVar[ExportRun.Trigger]
        TRIGGER_EVENT: _ClassVar[ExportRun.Trigger]
    TRIGGER_UNSPECIFIED: ExportRun.Trigger
    TRIGGER_SCHEDULE: ExportRun.Trigger
    TRIGGER_MANUAL: ExportRun.Trigger
    TRIGGER_BACKFILL: ExportRun.Trigger
    TRIGGER_EVENT: ExportRun.Trigger
    NAME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    SLOT_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    NEXT_ATTEMPT_TIME_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    ROWS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    QUERY_FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    name: str
    period: Period
    state: ExportRun.State
    trigger: ExportRun.Trigger
    attempt: int
    slot_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    next_attempt_time: _timestamp_pb2.Timestamp
    rows: int
    bytes: int
    rows_per_second: float
    percent: float
    files: _containers.RepeatedCompositeFieldContainer[ExportFile]
    deliveries: _containers.RepeatedCompositeFieldContainer[DeliveryState]
    error: _status_pb2.Status
    ended: bool
    succeeded: bool
    request_id: str
    definition: str
    query_fingerprint: str
    def __init__(self, name: _Optional[str] = ..., period: _Optional[_Union[Period, _Mapping]] = ..., state: _Optional[_Union[ExportRun.State, str]] = ..., trigger: _Optional[_Union[ExportRun.Trigger, str]] = ..., attempt: _Optional[int] = ..., slot_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., next_attempt_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., rows: _Optional[int] = ..., bytes: _Optional[int] = ..., rows_per_second: _Optional[float] = ..., percent: _Optional[float] = ..., files: _Optional[_Iterable[_Union[ExportFile, _Mapping]]] = ..., deliveries: _Optional[_Iterable[_Union[DeliveryState, _Mapping]]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., ended: bool = ..., succeeded: bool = ..., request_id: _Optional[str] = ..., definition: _Optional[str] = ..., query_fingerprint: _Optional[str] = ...) -> None: ...

class ExportFile(_message.Message):
    __slots__ = ("file_name", "size_bytes", "sha256", "rows", "media_type", "available")
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    file_name: str
    size_bytes: int
    sha256: str
    rows: int
    media_type: str
    available: bool
    def __init__(self, file_name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., rows: _Optional[int] = ..., media_type: _Optional[str] = ..., available: bool = ...) -> None: ...

class DeliveryState(_message.Message):
    __slots__ = ("destination", "delivered", "deliver_time", "attempt", "error")
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_FIELD_NUMBER: _ClassVar[int]
    DELIVER_TIME_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    destination: str
    delivered: bool
    deliver_time: _timestamp_pb2.Timestamp
    attempt: int
    error: _status_pb2.Status
    def __init__(self, destination: _Optional[str] = ..., delivered: bool = ..., deliver_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., attempt: _Optional[int] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...
