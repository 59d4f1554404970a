import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from relais.type.v1 import type_pb2 as _type_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListQueuesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListQueuesResponse(_message.Message):
    __slots__ = ("queues", "next_page_token")
    QUEUES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    queues: _containers.RepeatedCompositeFieldContainer[Queue]
    next_page_token: str
    def __init__(self, queues: _Optional[_Iterable[_Union[Queue, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetQueueRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetProcessingConfigurationRequest(_message.Message):
    __slots__ = ("parent",)
    PARENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    def __init__(self, parent: _Optional[str] = ...) -> None: ...

class GetCurrentUserRequest(_message.Message):
    __slots__ = ("parent",)
    PARENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    def __init__(self, parent: _Optional[str] = ...) -> None: ...

class UploadInputFileRequest(_message.Message):
    __slots__ = ("start", "chunk", "end")
    class Start(_message.Message):
        __slots__ = ("parent", "file_name", "media_type", "size_bytes", "sha256", "request_id")
        PARENT_FIELD_NUMBER: _ClassVar[int]
        FILE_NAME_FIELD_NUMBER: _ClassVar[int]
        MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
        SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
        SHA256_FIELD_NUMBER: _ClassVar[int]
        REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
        parent: str
        file_name: str
        media_type: str
        size_bytes: int
        sha256: str
        request_id: str
        def __init__(self, parent: _Optional[str] = ..., file_name: _Optional[str] = ..., media_type: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...
    START_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    start: UploadInputFileRequest.Start
    chunk: bytes
    end: _type_pb2.FileEnd
    def __init__(self, start: _Optional[_Union[UploadInputFileRequest.Start, _Mapping]] = ..., chunk: _Optional[bytes] = ..., end: _Optional[_Union[_type_pb2.FileEnd, _Mapping]] = ...) -> None: ...

class UploadInputFileContentRequest(_message.Message):
    __slots__ = ("parent", "file_name", "size_bytes", "sha256", "request_id", "content")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    parent: str
    file_name: str
    size_bytes: int
    sha256: str
    request_id: str
    content: _httpbody_pb2.HttpBody
    def __init__(self, parent: _Optional[str] = ..., file_name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., request_id: _Optional[str] = ..., content: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ...) -> None: ...

class CreateJobRequest(_message.Message):
    __slots__ = ("parent", "definition", "request_id", "validate_only")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    parent: str
    definition: JobDefinition
    request_id: str
    validate_only: bool
    def __init__(self, parent: _Optional[str] = ..., definition: _Optional[_Union[JobDefinition, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: bool = ...) -> None: ...

class SubmitJobRequest(_message.Message):
    __slots__ = ("start", "file", "chunk", "end")
    class Start(_message.Message):
        __slots__ = ("parent", "definition", "request_id")
        PARENT_FIELD_NUMBER: _ClassVar[int]
        DEFINITION_FIELD_NUMBER: _ClassVar[int]
        REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
        parent: str
        definition: JobDefinition
        request_id: str
        def __init__(self, parent: _Optional[str] = ..., definition: _Optional[_Union[JobDefinition, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...
    class File(_message.Message):
        __slots__ = ("path", "size_bytes", "sha256")
        PATH_FIELD_NUMBER: _ClassVar[int]
        SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
        SHA256_FIELD_NUMBER: _ClassVar[int]
        path: str
        size_bytes: int
        sha256: str
        def __init__(self, path: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ...) -> None: ...
    START_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    start: SubmitJobRequest.Start
    file: SubmitJobRequest.File
    chunk: bytes
    end: _type_pb2.FileEnd
    def __init__(self, start: _Optional[_Union[SubmitJobRequest.Start, _Mapping]] = ..., file: _Optional[_Union[SubmitJobRequest.File, _Mapping]] = ..., chunk: _Optional[bytes] = ..., end: _Optional[_Union[_type_pb2.FileEnd, _Mapping]] = ...) -> None: ...

class GetJobRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListJobsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token", "filter", "order_by")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    filter: str
    order_by: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListJobsResponse(_message.Message):
    __slots__ = ("jobs", "next_page_token", "total_size")
    JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[Job]
    next_page_token: str
    total_size: int
    def __init__(self, jobs: _Optional[_Iterable[_Union[Job, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class UpdateJobRequest(_message.Message):
    __slots__ = ("job", "update_mask", "request_id")
    JOB_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    job: Job
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, job: _Optional[_Union[Job, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteJobRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteJobResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BatchDeleteJobsRequest(_message.Message):
    __slots__ = ("parent", "names", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    names: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., names: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchDeleteJobsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_type_pb2.BatchResult]
    def __init__(self, results: _Optional[_Iterable[_Union[_type_pb2.BatchResult, _Mapping]]] = ...) -> None: ...

class CancelJobRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class MoveJobToTopRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ResubmitJobRequest(_message.Message):
    __slots__ = ("name", "display_name", "description", "schedule_time", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    description: str
    schedule_time: _timestamp_pb2.Timestamp
    request_id: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., schedule_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetJobDefinitionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class WatchJobRequest(_message.Message):
    __slots__ = ("name", "resume_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    resume_token: str
    def __init__(self, name: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchJobResponse(_message.Message):
    __slots__ = ("job", "resume_token")
    JOB_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    job: Job
    resume_token: str
    def __init__(self, job: _Optional[_Union[Job, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchJobsRequest(_message.Message):
    __slots__ = ("parent", "resume_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    resume_token: str
    def __init__(self, parent: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchJobsResponse(_message.Message):
    __slots__ = ("jobs", "removed_jobs", "restarted", "snapshot_complete", "resume_token")
    JOBS_FIELD_NUMBER: _ClassVar[int]
    REMOVED_JOBS_FIELD_NUMBER: _ClassVar[int]
    RESTARTED_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[Job]
    removed_jobs: _containers.RepeatedScalarFieldContainer[str]
    restarted: bool
    snapshot_complete: bool
    resume_token: str
    def __init__(self, jobs: _Optional[_Iterable[_Union[Job, _Mapping]]] = ..., removed_jobs: _Optional[_Iterable[str]] = ..., restarted: bool = ..., snapshot_complete: bool = ..., resume_token: _Optional[str] = ...) -> None: ...

class ListOutputFilesRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListOutputFilesResponse(_message.Message):
    __slots__ = ("output_files", "next_page_token")
    OUTPUT_FILES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    output_files: _containers.RepeatedCompositeFieldContainer[OutputFile]
    next_page_token: str
    def __init__(self, output_files: _Optional[_Iterable[_Union[OutputFile, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DownloadOutputFileRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DownloadOutputFileResponse(_message.Message):
    __slots__ = ("metadata", "chunk", "trailer")
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    TRAILER_FIELD_NUMBER: _ClassVar[int]
    metadata: _type_pb2.FileMetadata
    chunk: bytes
    trailer: _type_pb2.FileTrailer
    def __init__(self, metadata: _Optional[_Union[_type_pb2.FileMetadata, _Mapping]] = ..., chunk: _Optional[bytes] = ..., trailer: _Optional[_Union[_type_pb2.FileTrailer, _Mapping]] = ...) -> None: ...

class DownloadOutputFileContentRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class Queue(_message.Message):
    __slots__ = ("name", "display_name", "readiness", "problem", "server_version", "minimum_server_version")
    class Readiness(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        READINESS_UNSPECIFIED: _ClassVar[Queue.Readiness]
        READINESS_READY: _ClassVar[Queue.Readiness]
        READINESS_UNREACHABLE: _ClassVar[Queue.Readiness]
        READINESS_LOGIN_REFUSED: _ClassVar[Queue.Readiness]
        READINESS_UNSUPPORTED_VERSION: _ClassVar[Queue.Readiness]
        READINESS_FAILING: _ClassVar[Queue.Readiness]
    READINESS_UNSPECIFIED: Queue.Readiness
    READINESS_READY: Queue.Readiness
    READINESS_UNREACHABLE: Queue.Readiness
    READINESS_LOGIN_REFUSED: Queue.Readiness
    READINESS_UNSUPPORTED_VERSION: Queue.Readiness
    READINESS_FAILING: Queue.Readiness
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    READINESS_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    SERVER_VERSION_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_SERVER_VERSION_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    readiness: Queue.Readiness
    problem: str
    server_version: str
    minimum_server_version: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., readiness: _Optional[_Union[Queue.Readiness, str]] = ..., problem: _Optional[str] = ..., server_version: _Optional[str] = ..., minimum_server_version: _Optional[str] = ...) -> None: ...

class ProcessingConfiguration(_message.Message):
    __slots__ = ("purge_age", "purge_interval", "polling_interval", "concurrency")
    PURGE_AGE_FIELD_NUMBER: _ClassVar[int]
    PURGE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    POLLING_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    CONCURRENCY_FIELD_NUMBER: _ClassVar[int]
    purge_age: _duration_pb2.Duration
    purge_interval: _duration_pb2.Duration
    polling_interval: _duration_pb2.Duration
    concurrency: int
    def __init__(self, purge_age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., purge_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., polling_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., concurrency: _Optional[int] = ...) -> None: ...

class CurrentUser(_message.Message):
    __slots__ = ("username", "admin", "write_access")
    USERNAME_FIELD_NUMBER: _ClassVar[int]
    ADMIN_FIELD_NUMBER: _ClassVar[int]
    WRITE_ACCESS_FIELD_NUMBER: _ClassVar[int]
    username: str
    admin: bool
    write_access: bool
    def __init__(self, username: _Optional[str] = ..., admin: bool = ..., write_access: bool = ...) -> None: ...

class InputFile(_message.Message):
    __slots__ = ("name", "file_name", "size_bytes", "sha256")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    name: str
    file_name: str
    size_bytes: int
    sha256: str
    def __init__(self, name: _Optional[str] = ..., file_name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ...) -> None: ...

class JobFile(_message.Message):
    __slots__ = ("input_file", "path")
    INPUT_FILE_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    input_file: str
    path: str
    def __init__(self, input_file: _Optional[str] = ..., path: _Optional[str] = ...) -> None: ...

class ExcelImport(_message.Message):
    __slots__ = ("template", "data", "combined", "attachments")
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    COMBINED_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    template: JobFile
    data: _containers.RepeatedCompositeFieldContainer[JobFile]
    combined: _containers.RepeatedCompositeFieldContainer[JobFile]
    attachments: _containers.RepeatedCompositeFieldContainer[JobFile]
    def __init__(self, template: _Optional[_Union[JobFile, _Mapping]] = ..., data: _Optional[_Iterable[_Union[JobFile, _Mapping]]] = ..., combined: _Optional[_Iterable[_Union[JobFile, _Mapping]]] = ..., attachments: _Optional[_Iterable[_Union[JobFile, _Mapping]]] = ...) -> None: ...

class TextImport(_message.Message):
    __slots__ = ("template", "data", "attachments")
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    template: JobFile
    data: _containers.RepeatedCompositeFieldContainer[JobFile]
    attachments: _containers.RepeatedCompositeFieldContainer[JobFile]
    def __init__(self, template: _Optional[_Union[JobFile, _Mapping]] = ..., data: _Optional[_Iterable[_Union[JobFile, _Mapping]]] = ..., attachments: _Optional[_Iterable[_Union[JobFile, _Mapping]]] = ...) -> None: ...

class ExcelExport(_message.Message):
    __slots__ = ("template", "database_key", "records")
    class Record(_message.Message):
        __slots__ = ("record_history_identity", "record_version")
        RECORD_HISTORY_IDENTITY_FIELD_NUMBER: _ClassVar[int]
        RECORD_VERSION_FIELD_NUMBER: _ClassVar[int]
        record_history_identity: int
        record_version: int
        def __init__(self, record_history_identity: _Optional[int] = ..., record_version: _Optional[int] = ...) -> None: ...
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    DATABASE_KEY_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    template: JobFile
    database_key: str
    records: _containers.RepeatedCompositeFieldContainer[ExcelExport.Record]
    def __init__(self, template: _Optional[_Union[JobFile, _Mapping]] = ..., database_key: _Optional[str] = ..., records: _Optional[_Iterable[_Union[ExcelExport.Record, _Mapping]]] = ...) -> None: ...

class JobDefinition(_message.Message):
    __slots__ = ("display_name", "description", "schedule_time", "excel_import", "excel_export", "text_import", "other", "culture")
    class Other(_message.Message):
        __slots__ = ("raw_type", "raw_parameters", "input_files")
        RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
        RAW_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
        INPUT_FILES_FIELD_NUMBER: _ClassVar[int]
        raw_type: str
        raw_parameters: str
        input_files: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, raw_type: _Optional[str] = ..., raw_parameters: _Optional[str] = ..., input_files: _Optional[_Iterable[str]] = ...) -> None: ...
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXCEL_IMPORT_FIELD_NUMBER: _ClassVar[int]
    EXCEL_EXPORT_FIELD_NUMBER: _ClassVar[int]
    TEXT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    CULTURE_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    description: str
    schedule_time: _timestamp_pb2.Timestamp
    excel_import: ExcelImport
    excel_export: ExcelExport
    text_import: TextImport
    other: JobDefinition.Other
    culture: str
    def __init__(self, display_name: _Optional[str] = ..., description: _Optional[str] = ..., schedule_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., excel_import: _Optional[_Union[ExcelImport, _Mapping]] = ..., excel_export: _Optional[_Union[ExcelExport, _Mapping]] = ..., text_import: _Optional[_Union[TextImport, _Mapping]] = ..., other: _Optional[_Union[JobDefinition.Other, _Mapping]] = ..., culture: _Optional[str] = ...) -> None: ...

class Job(_message.Message):
    __slots__ = ("name", "display_name", "description", "type", "raw_type", "state", "raw_state", "outcome", "queue_position", "submitter", "submitter_roles", "submit_time", "schedule_time", "start_time", "end_time", "input_files", "output_files", "import_summary", "export_summary", "raw_outputs", "ended", "succeeded", "request_id")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TYPE_UNSPECIFIED: _ClassVar[Job.Type]
        TYPE_OTHER: _ClassVar[Job.Type]
        TYPE_EXCEL_IMPORT: _ClassVar[Job.Type]
        TYPE_EXCEL_EXPORT: _ClassVar[Job.Type]
        TYPE_TEXT_IMPORT: _ClassVar[Job.Type]
        TYPE_EXCEL_IMPORT_DRY_RUN: _ClassVar[Job.Type]
    TYPE_UNSPECIFIED: Job.Type
    TYPE_OTHER: Job.Type
    TYPE_EXCEL_IMPORT: Job.Type
    TYPE_EXCEL_EXPORT: Job.Type
    TYPE_TEXT_IMPORT: Job.Type
    TYPE_EXCEL_IMPORT_DRY_RUN: Job.Type
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Job.State]
        STATE_OTHER: _ClassVar[Job.State]
        STATE_PENDING: _ClassVar[Job.State]
        STATE_RUNNING: _ClassVar[Job.State]
        STATE_SUCCEEDED: _ClassVar[Job.State]
        STATE_FAILED: _ClassVar[Job.State]
        STATE_CANCELLED: _ClassVar[Job.State]
    STATE_UNSPECIFIED: Job.State
    STATE_OTHER: Job.State
    STATE_PENDING: Job.State
    STATE_RUNNING: Job.State
    STATE_SUCCEEDED: Job.State
    STATE_FAILED: Job.State
    STATE_CANCELLED: Job.State
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OUTCOME_UNSPECIFIED: _ClassVar[Job.Outcome]
        OUTCOME_OK: _ClassVar[Job.Outcome]
        OUTCOME_COMPLETED_WITH_ERRORS: _ClassVar[Job.Outcome]
        OUTCOME_NOT_SUCCESSFUL: _ClassVar[Job.Outcome]
    OUTCOME_UNSPECIFIED: Job.Outcome
    OUTCOME_OK: Job.Outcome
    OUTCOME_COMPLETED_WITH_ERRORS: Job.Outcome
    OUTCOME_NOT_SUCCESSFUL: Job.Outcome
    class RawOutputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RAW_STATE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    QUEUE_POSITION_FIELD_NUMBER: _ClassVar[int]
    SUBMITTER_FIELD_NUMBER: _ClassVar[int]
    SUBMITTER_ROLES_FIELD_NUMBER: _ClassVar[int]
    SUBMIT_TIME_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    INPUT_FILES_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FILES_FIELD_NUMBER: _ClassVar[int]
    IMPORT_SUMMARY_FIELD_NUMBER: _ClassVar[int]
    EXPORT_SUMMARY_FIELD_NUMBER: _ClassVar[int]
    RAW_OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    description: str
    type: Job.Type
    raw_type: str
    state: Job.State
    raw_state: str
    outcome: Job.Outcome
    queue_position: int
    submitter: str
    submitter_roles: _containers.RepeatedScalarFieldContainer[str]
    submit_time: _timestamp_pb2.Timestamp
    schedule_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    input_files: _containers.RepeatedScalarFieldContainer[str]
    output_files: _containers.RepeatedScalarFieldContainer[str]
    import_summary: ImportSummary
    export_summary: ExportSummary
    raw_outputs: _containers.ScalarMap[str, str]
    ended: bool
    succeeded: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., type: _Optional[_Union[Job.Type, str]] = ..., raw_type: _Optional[str] = ..., state: _Optional[_Union[Job.State, str]] = ..., raw_state: _Optional[str] = ..., outcome: _Optional[_Union[Job.Outcome, str]] = ..., queue_position: _Optional[int] = ..., submitter: _Optional[str] = ..., submitter_roles: _Optional[_Iterable[str]] = ..., submit_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., schedule_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., input_files: _Optional[_Iterable[str]] = ..., output_files: _Optional[_Iterable[str]] = ..., import_summary: _Optional[_Union[ImportSummary, _Mapping]] = ..., export_summary: _Optional[_Union[ExportSummary, _Mapping]] = ..., raw_outputs: _Optional[_Mapping[str, str]] = ..., ended: bool = ..., succeeded: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class ImportSummary(_message.Message):
    __slots__ = ("finished_successfully", "task_count", "error_count", "created_record_count", "updated_record_count", "not_imported_record_count", "errors")
    FINISHED_SUCCESSFULLY_FIELD_NUMBER: _ClassVar[int]
    TASK_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERROR_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_RECORD_COUNT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_RECORD_COUNT_FIELD_NUMBER: _ClassVar[int]
    NOT_IMPORTED_RECORD_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    finished_successfully: bool
    task_count: int
    error_count: int
    created_record_count: int
    updated_record_count: int
    not_imported_record_count: int
    errors: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, finished_successfully: bool = ..., task_count: _Optional[int] = ..., error_count: _Optional[int] = ..., created_record_count: _Optional[int] = ..., updated_record_count: _Optional[int] = ..., not_imported_record_count: _Optional[int] = ..., errors: _Optional[_Iterable[str]] = ...) -> None: ...

class ExportSummary(_message.Message):
    __slots__ = ("exported_record_count", "errors")
    EXPORTED_RECORD_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    exported_record_count: int
    errors: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, exported_record_count: _Optional[int] = ..., errors: _Optional[_Iterable[str]] = ...) -> None: ...

class OutputFile(_message.Message):
    __slots__ = ("name", "file_name")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    file_name: str
    def __init__(self, name: _Optional[str] = ..., file_name: _Optional[str] = ...) -> None: ...
