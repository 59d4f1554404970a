import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
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

class ListOrchestratorsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListOrchestratorsResponse(_message.Message):
    __slots__ = ("orchestrators", "next_page_token")
    ORCHESTRATORS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    orchestrators: _containers.RepeatedCompositeFieldContainer[Orchestrator]
    next_page_token: str
    def __init__(self, orchestrators: _Optional[_Iterable[_Union[Orchestrator, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetOrchestratorRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListFoldersRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFoldersResponse(_message.Message):
    __slots__ = ("folders", "next_page_token")
    FOLDERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    folders: _containers.RepeatedCompositeFieldContainer[Folder]
    next_page_token: str
    def __init__(self, folders: _Optional[_Iterable[_Union[Folder, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListProcessesRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token", "filter")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    filter: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ...) -> None: ...

class ListProcessesResponse(_message.Message):
    __slots__ = ("processes", "next_page_token")
    PROCESSES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    processes: _containers.RepeatedCompositeFieldContainer[Process]
    next_page_token: str
    def __init__(self, processes: _Optional[_Iterable[_Union[Process, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListProcessRobotsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListProcessRobotsResponse(_message.Message):
    __slots__ = ("robots", "next_page_token")
    ROBOTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    robots: _containers.RepeatedCompositeFieldContainer[Robot]
    next_page_token: str
    def __init__(self, robots: _Optional[_Iterable[_Union[Robot, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListRobotsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token", "filter")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    filter: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ...) -> None: ...

class ListRobotsResponse(_message.Message):
    __slots__ = ("robots", "next_page_token")
    ROBOTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    robots: _containers.RepeatedCompositeFieldContainer[Robot]
    next_page_token: str
    def __init__(self, robots: _Optional[_Iterable[_Union[Robot, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetRobotRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class UpdateRobotRequest(_message.Message):
    __slots__ = ("robot", "update_mask", "etag", "request_id")
    ROBOT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    robot: Robot
    update_mask: _field_mask_pb2.FieldMask
    etag: str
    request_id: str
    def __init__(self, robot: _Optional[_Union[Robot, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteRobotRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteRobotResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BatchDeleteRobotsRequest(_message.Message):
    __slots__ = ("parent", "names", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    names: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., names: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchDeleteRobotsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_type_pb2.BatchResult]
    def __init__(self, results: _Optional[_Iterable[_Union[_type_pb2.BatchResult, _Mapping]]] = ...) -> None: ...

class BatchSetRobotsEnabledRequest(_message.Message):
    __slots__ = ("parent", "names", "enabled", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    names: _containers.RepeatedScalarFieldContainer[str]
    enabled: bool
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., names: _Optional[_Iterable[str]] = ..., enabled: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchSetRobotsEnabledResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_type_pb2.BatchResult]
    def __init__(self, results: _Optional[_Iterable[_Union[_type_pb2.BatchResult, _Mapping]]] = ...) -> None: ...

class ListSessionsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token", "filter", "max_heartbeat_age", "read_mask")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    MAX_HEARTBEAT_AGE_FIELD_NUMBER: _ClassVar[int]
    READ_MASK_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    filter: str
    max_heartbeat_age: _duration_pb2.Duration
    read_mask: _field_mask_pb2.FieldMask
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., max_heartbeat_age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., read_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ListSessionsResponse(_message.Message):
    __slots__ = ("sessions", "next_page_token")
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    sessions: _containers.RepeatedCompositeFieldContainer[Session]
    next_page_token: str
    def __init__(self, sessions: _Optional[_Iterable[_Union[Session, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetRobotStateRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class WatchRobotsRequest(_message.Message):
    __slots__ = ("parent", "resume_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    resume_token: str
    def __init__(self, parent: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchRobotsResponse(_message.Message):
    __slots__ = ("robots", "removed_robots", "restarted", "snapshot_complete", "resume_token")
    ROBOTS_FIELD_NUMBER: _ClassVar[int]
    REMOVED_ROBOTS_FIELD_NUMBER: _ClassVar[int]
    RESTARTED_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    robots: _containers.RepeatedCompositeFieldContainer[RobotState]
    removed_robots: _containers.RepeatedScalarFieldContainer[str]
    restarted: bool
    snapshot_complete: bool
    resume_token: str
    def __init__(self, robots: _Optional[_Iterable[_Union[RobotState, _Mapping]]] = ..., removed_robots: _Optional[_Iterable[str]] = ..., restarted: bool = ..., snapshot_complete: bool = ..., resume_token: _Optional[str] = ...) -> None: ...

class RobotLogFilter(_message.Message):
    __slots__ = ("job", "robot_display_name", "machine_id", "min_level")
    JOB_FIELD_NUMBER: _ClassVar[int]
    ROBOT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    MACHINE_ID_FIELD_NUMBER: _ClassVar[int]
    MIN_LEVEL_FIELD_NUMBER: _ClassVar[int]
    job: str
    robot_display_name: str
    machine_id: int
    min_level: RobotLog.Level
    def __init__(self, job: _Optional[str] = ..., robot_display_name: _Optional[str] = ..., machine_id: _Optional[int] = ..., min_level: _Optional[_Union[RobotLog.Level, str]] = ...) -> None: ...

class ListRobotLogsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token", "filter", "start_time", "end_time", "skip")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    filter: RobotLogFilter
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    skip: int
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[_Union[RobotLogFilter, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., skip: _Optional[int] = ...) -> None: ...

class ListRobotLogsResponse(_message.Message):
    __slots__ = ("logs", "next_page_token", "total_size")
    LOGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    logs: _containers.RepeatedCompositeFieldContainer[RobotLog]
    next_page_token: str
    total_size: int
    def __init__(self, logs: _Optional[_Iterable[_Union[RobotLog, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class CountRobotLogsRequest(_message.Message):
    __slots__ = ("parent", "filter", "start_time", "end_time")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    parent: str
    filter: RobotLogFilter
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, parent: _Optional[str] = ..., filter: _Optional[_Union[RobotLogFilter, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CountRobotLogsResponse(_message.Message):
    __slots__ = ("count",)
    COUNT_FIELD_NUMBER: _ClassVar[int]
    count: int
    def __init__(self, count: _Optional[int] = ...) -> None: ...

class TailRobotLogsRequest(_message.Message):
    __slots__ = ("parent", "filter", "start_time", "history_only", "allowed_lateness", "resume_token", "last_rows", "end_with_job")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    HISTORY_ONLY_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_LATENESS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    LAST_ROWS_FIELD_NUMBER: _ClassVar[int]
    END_WITH_JOB_FIELD_NUMBER: _ClassVar[int]
    parent: str
    filter: RobotLogFilter
    start_time: _timestamp_pb2.Timestamp
    history_only: bool
    allowed_lateness: _duration_pb2.Duration
    resume_token: str
    last_rows: int
    end_with_job: bool
    def __init__(self, parent: _Optional[str] = ..., filter: _Optional[_Union[RobotLogFilter, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., history_only: bool = ..., allowed_lateness: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., resume_token: _Optional[str] = ..., last_rows: _Optional[int] = ..., end_with_job: bool = ...) -> None: ...

class TailRobotLogsResponse(_message.Message):
    __slots__ = ("logs", "resume_token", "end_of_stream")
    LOGS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    END_OF_STREAM_FIELD_NUMBER: _ClassVar[int]
    logs: _containers.RepeatedCompositeFieldContainer[RobotLog]
    resume_token: str
    end_of_stream: bool
    def __init__(self, logs: _Optional[_Iterable[_Union[RobotLog, _Mapping]]] = ..., resume_token: _Optional[str] = ..., end_of_stream: bool = ...) -> None: ...

class UpdateUnattendedCredentialsRequest(_message.Message):
    __slots__ = ("name", "password", "user_name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    USER_NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    password: str
    user_name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., password: _Optional[str] = ..., user_name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class UpdateUnattendedCredentialsResponse(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class StartJobsRequest(_message.Message):
    __slots__ = ("process", "strategy", "robots", "jobs_count", "input_arguments", "priority", "reference", "request_id")
    class Strategy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STRATEGY_UNSPECIFIED: _ClassVar[StartJobsRequest.Strategy]
        STRATEGY_ALL: _ClassVar[StartJobsRequest.Strategy]
        STRATEGY_SPECIFIC: _ClassVar[StartJobsRequest.Strategy]
        STRATEGY_JOBS_COUNT: _ClassVar[StartJobsRequest.Strategy]
        STRATEGY_MODERN_JOBS_COUNT: _ClassVar[StartJobsRequest.Strategy]
    STRATEGY_UNSPECIFIED: StartJobsRequest.Strategy
    STRATEGY_ALL: StartJobsRequest.Strategy
    STRATEGY_SPECIFIC: StartJobsRequest.Strategy
    STRATEGY_JOBS_COUNT: StartJobsRequest.Strategy
    STRATEGY_MODERN_JOBS_COUNT: StartJobsRequest.Strategy
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    ROBOTS_FIELD_NUMBER: _ClassVar[int]
    JOBS_COUNT_FIELD_NUMBER: _ClassVar[int]
    INPUT_ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    process: str
    strategy: StartJobsRequest.Strategy
    robots: _containers.RepeatedScalarFieldContainer[str]
    jobs_count: int
    input_arguments: str
    priority: Job.Priority
    reference: str
    request_id: str
    def __init__(self, process: _Optional[str] = ..., strategy: _Optional[_Union[StartJobsRequest.Strategy, str]] = ..., robots: _Optional[_Iterable[str]] = ..., jobs_count: _Optional[int] = ..., input_arguments: _Optional[str] = ..., priority: _Optional[_Union[Job.Priority, str]] = ..., reference: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class StartJobsResponse(_message.Message):
    __slots__ = ("jobs",)
    JOBS_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[Job]
    def __init__(self, jobs: _Optional[_Iterable[_Union[Job, _Mapping]]] = ...) -> None: ...

class GetJobRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListJobsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token", "filter")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    filter: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ...) -> None: ...

class ListJobsResponse(_message.Message):
    __slots__ = ("jobs", "next_page_token", "total_size")
    JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[Job]
    next_page_token: str
    total_size: int
    def __init__(self, jobs: _Optional[_Iterable[_Union[Job, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class StopJobRequest(_message.Message):
    __slots__ = ("name", "strategy", "request_id")
    class Strategy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STRATEGY_UNSPECIFIED: _ClassVar[StopJobRequest.Strategy]
        STRATEGY_SOFT_STOP: _ClassVar[StopJobRequest.Strategy]
        STRATEGY_KILL: _ClassVar[StopJobRequest.Strategy]
    STRATEGY_UNSPECIFIED: StopJobRequest.Strategy
    STRATEGY_SOFT_STOP: StopJobRequest.Strategy
    STRATEGY_KILL: StopJobRequest.Strategy
    NAME_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    strategy: StopJobRequest.Strategy
    request_id: str
    def __init__(self, name: _Optional[str] = ..., strategy: _Optional[_Union[StopJobRequest.Strategy, str]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RestartJobRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

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

class GetSessionStatsRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class Orchestrator(_message.Message):
    __slots__ = ("name", "display_name", "readiness", "problem", "api_version", "session_expire_time")
    class Readiness(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        READINESS_UNSPECIFIED: _ClassVar[Orchestrator.Readiness]
        READINESS_READY: _ClassVar[Orchestrator.Readiness]
        READINESS_UNREACHABLE: _ClassVar[Orchestrator.Readiness]
        READINESS_LOGIN_REFUSED: _ClassVar[Orchestrator.Readiness]
        READINESS_FAILING: _ClassVar[Orchestrator.Readiness]
    READINESS_UNSPECIFIED: Orchestrator.Readiness
    READINESS_READY: Orchestrator.Readiness
    READINESS_UNREACHABLE: Orchestrator.Readiness
    READINESS_LOGIN_REFUSED: Orchestrator.Readiness
    READINESS_FAILING: Orchestrator.Readiness
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    READINESS_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    API_VERSION_FIELD_NUMBER: _ClassVar[int]
    SESSION_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    readiness: Orchestrator.Readiness
    problem: str
    api_version: str
    session_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., readiness: _Optional[_Union[Orchestrator.Readiness, str]] = ..., problem: _Optional[str] = ..., api_version: _Optional[str] = ..., session_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Folder(_message.Message):
    __slots__ = ("name", "display_name", "path", "key", "raw_type", "parent_folder")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
    PARENT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    path: str
    key: str
    raw_type: str
    parent_folder: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., path: _Optional[str] = ..., key: _Optional[str] = ..., raw_type: _Optional[str] = ..., parent_folder: _Optional[str] = ...) -> None: ...

class Process(_message.Message):
    __slots__ = ("name", "display_name", "package_id", "package_version", "description", "id", "raw_type", "input_arguments", "environment")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_ID_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_VERSION_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
    INPUT_ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    package_id: str
    package_version: str
    description: str
    id: int
    raw_type: str
    input_arguments: str
    environment: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., package_id: _Optional[str] = ..., package_version: _Optional[str] = ..., description: _Optional[str] = ..., id: _Optional[int] = ..., raw_type: _Optional[str] = ..., input_arguments: _Optional[str] = ..., environment: _Optional[str] = ...) -> None: ...

class SettingValue(_message.Message):
    __slots__ = ("bool_value", "int_value", "string_value")
    BOOL_VALUE_FIELD_NUMBER: _ClassVar[int]
    INT_VALUE_FIELD_NUMBER: _ClassVar[int]
    STRING_VALUE_FIELD_NUMBER: _ClassVar[int]
    bool_value: bool
    int_value: int
    string_value: str
    def __init__(self, bool_value: bool = ..., int_value: _Optional[int] = ..., string_value: _Optional[str] = ...) -> None: ...

class Robot(_message.Message):
    __slots__ = ("name", "display_name", "type", "raw_type", "hosting_type", "machine_name", "machine_id", "user_name", "password", "description", "external_name", "credential_type", "user", "enabled", "environments", "license_key", "execution_settings", "limit_concurrent_execution", "etag")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TYPE_UNSPECIFIED: _ClassVar[Robot.Type]
        TYPE_NON_PRODUCTION: _ClassVar[Robot.Type]
        TYPE_ATTENDED: _ClassVar[Robot.Type]
        TYPE_UNATTENDED: _ClassVar[Robot.Type]
        TYPE_DEVELOPMENT: _ClassVar[Robot.Type]
        TYPE_STUDIO_X: _ClassVar[Robot.Type]
        TYPE_HEADLESS: _ClassVar[Robot.Type]
        TYPE_STUDIO_PRO: _ClassVar[Robot.Type]
        TYPE_TEST_AUTOMATION: _ClassVar[Robot.Type]
        TYPE_AUTOMATION_CLOUD: _ClassVar[Robot.Type]
        TYPE_SERVERLESS: _ClassVar[Robot.Type]
        TYPE_STUDIO: _ClassVar[Robot.Type]
        TYPE_OTHER: _ClassVar[Robot.Type]
    TYPE_UNSPECIFIED: Robot.Type
    TYPE_NON_PRODUCTION: Robot.Type
    TYPE_ATTENDED: Robot.Type
    TYPE_UNATTENDED: Robot.Type
    TYPE_DEVELOPMENT: Robot.Type
    TYPE_STUDIO_X: Robot.Type
    TYPE_HEADLESS: Robot.Type
    TYPE_STUDIO_PRO: Robot.Type
    TYPE_TEST_AUTOMATION: Robot.Type
    TYPE_AUTOMATION_CLOUD: Robot.Type
    TYPE_SERVERLESS: Robot.Type
    TYPE_STUDIO: Robot.Type
    TYPE_OTHER: Robot.Type
    class HostingType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        HOSTING_TYPE_UNSPECIFIED: _ClassVar[Robot.HostingType]
        HOSTING_TYPE_STANDARD: _ClassVar[Robot.HostingType]
        HOSTING_TYPE_FLOATING: _ClassVar[Robot.HostingType]
    HOSTING_TYPE_UNSPECIFIED: Robot.HostingType
    HOSTING_TYPE_STANDARD: Robot.HostingType
    HOSTING_TYPE_FLOATING: Robot.HostingType
    class ExecutionSettingsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: SettingValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[SettingValue, _Mapping]] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
    HOSTING_TYPE_FIELD_NUMBER: _ClassVar[int]
    MACHINE_NAME_FIELD_NUMBER: _ClassVar[int]
    MACHINE_ID_FIELD_NUMBER: _ClassVar[int]
    USER_NAME_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_NAME_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_TYPE_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENTS_FIELD_NUMBER: _ClassVar[int]
    LICENSE_KEY_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_SETTINGS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_CONCURRENT_EXECUTION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    type: Robot.Type
    raw_type: str
    hosting_type: Robot.HostingType
    machine_name: str
    machine_id: int
    user_name: str
    password: str
    description: str
    external_name: str
    credential_type: str
    user: str
    enabled: bool
    environments: _containers.RepeatedScalarFieldContainer[str]
    license_key: str
    execution_settings: _containers.MessageMap[str, SettingValue]
    limit_concurrent_execution: bool
    etag: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., type: _Optional[_Union[Robot.Type, str]] = ..., raw_type: _Optional[str] = ..., hosting_type: _Optional[_Union[Robot.HostingType, str]] = ..., machine_name: _Optional[str] = ..., machine_id: _Optional[int] = ..., user_name: _Optional[str] = ..., password: _Optional[str] = ..., description: _Optional[str] = ..., external_name: _Optional[str] = ..., credential_type: _Optional[str] = ..., user: _Optional[str] = ..., enabled: bool = ..., environments: _Optional[_Iterable[str]] = ..., license_key: _Optional[str] = ..., execution_settings: _Optional[_Mapping[str, SettingValue]] = ..., limit_concurrent_execution: bool = ..., etag: _Optional[str] = ...) -> None: ...

class Session(_message.Message):
    __slots__ = ("name", "state", "reported_state", "raw_state", "report_time", "unresponsive", "info", "host_machine_name", "machine_name", "machine_id", "version", "robot")
    class ReportedState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        REPORTED_STATE_UNSPECIFIED: _ClassVar[Session.ReportedState]
        REPORTED_STATE_AVAILABLE: _ClassVar[Session.ReportedState]
        REPORTED_STATE_BUSY: _ClassVar[Session.ReportedState]
        REPORTED_STATE_DISCONNECTED: _ClassVar[Session.ReportedState]
        REPORTED_STATE_UNKNOWN: _ClassVar[Session.ReportedState]
        REPORTED_STATE_OTHER: _ClassVar[Session.ReportedState]
    REPORTED_STATE_UNSPECIFIED: Session.ReportedState
    REPORTED_STATE_AVAILABLE: Session.ReportedState
    REPORTED_STATE_BUSY: Session.ReportedState
    REPORTED_STATE_DISCONNECTED: Session.ReportedState
    REPORTED_STATE_UNKNOWN: Session.ReportedState
    REPORTED_STATE_OTHER: Session.ReportedState
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REPORTED_STATE_FIELD_NUMBER: _ClassVar[int]
    RAW_STATE_FIELD_NUMBER: _ClassVar[int]
    REPORT_TIME_FIELD_NUMBER: _ClassVar[int]
    UNRESPONSIVE_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    HOST_MACHINE_NAME_FIELD_NUMBER: _ClassVar[int]
    MACHINE_NAME_FIELD_NUMBER: _ClassVar[int]
    MACHINE_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ROBOT_FIELD_NUMBER: _ClassVar[int]
    name: str
    state: RobotState.State
    reported_state: Session.ReportedState
    raw_state: str
    report_time: _timestamp_pb2.Timestamp
    unresponsive: bool
    info: str
    host_machine_name: str
    machine_name: str
    machine_id: int
    version: str
    robot: Robot
    def __init__(self, name: _Optional[str] = ..., state: _Optional[_Union[RobotState.State, str]] = ..., reported_state: _Optional[_Union[Session.ReportedState, str]] = ..., raw_state: _Optional[str] = ..., report_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., unresponsive: bool = ..., info: _Optional[str] = ..., host_machine_name: _Optional[str] = ..., machine_name: _Optional[str] = ..., machine_id: _Optional[int] = ..., version: _Optional[str] = ..., robot: _Optional[_Union[Robot, _Mapping]] = ...) -> None: ...

class RobotState(_message.Message):
    __slots__ = ("name", "display_name", "state", "sessions")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[RobotState.State]
        STATE_AVAILABLE: _ClassVar[RobotState.State]
        STATE_BUSY: _ClassVar[RobotState.State]
        STATE_DISCONNECTED: _ClassVar[RobotState.State]
        STATE_UNKNOWN: _ClassVar[RobotState.State]
        STATE_UNRESPONSIVE: _ClassVar[RobotState.State]
        STATE_NEVER_CONNECTED: _ClassVar[RobotState.State]
    STATE_UNSPECIFIED: RobotState.State
    STATE_AVAILABLE: RobotState.State
    STATE_BUSY: RobotState.State
    STATE_DISCONNECTED: RobotState.State
    STATE_UNKNOWN: RobotState.State
    STATE_UNRESPONSIVE: RobotState.State
    STATE_NEVER_CONNECTED: RobotState.State
    class SessionState(_message.Message):
        __slots__ = ("name", "state", "raw_state", "host_machine_name", "info", "last_report_time")
        NAME_FIELD_NUMBER: _ClassVar[int]
        STATE_FIELD_NUMBER: _ClassVar[int]
        RAW_STATE_FIELD_NUMBER: _ClassVar[int]
        HOST_MACHINE_NAME_FIELD_NUMBER: _ClassVar[int]
        INFO_FIELD_NUMBER: _ClassVar[int]
        LAST_REPORT_TIME_FIELD_NUMBER: _ClassVar[int]
        name: str
        state: RobotState.State
        raw_state: str
        host_machine_name: str
        info: str
        last_report_time: _timestamp_pb2.Timestamp
        def __init__(self, name: _Optional[str] = ..., state: _Optional[_Union[RobotState.State, str]] = ..., raw_state: _Optional[str] = ..., host_machine_name: _Optional[str] = ..., info: _Optional[str] = ..., last_report_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    state: RobotState.State
    sessions: _containers.RepeatedCompositeFieldContainer[RobotState.SessionState]
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., state: _Optional[_Union[RobotState.State, str]] = ..., sessions: _Optional[_Iterable[_Union[RobotState.SessionState, _Mapping]]] = ...) -> None: ...

class RobotLog(_message.Message):
    __slots__ = ("time", "level", "raw_level", "message", "robot_display_name", "process_display_name", "job_key", "windows_identity", "host_machine_name", "machine_id", "fingerprint", "raw_message", "id", "late")
    class Level(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        LEVEL_UNSPECIFIED: _ClassVar[RobotLog.Level]
        LEVEL_TRACE: _ClassVar[RobotLog.Level]
        LEVEL_DEBUG: _ClassVar[RobotLog.Level]
        LEVEL_INFO: _ClassVar[RobotLog.Level]
        LEVEL_WARN: _ClassVar[RobotLog.Level]
        LEVEL_ERROR: _ClassVar[RobotLog.Level]
        LEVEL_FATAL: _ClassVar[RobotLog.Level]
        LEVEL_OTHER: _ClassVar[RobotLog.Level]
    LEVEL_UNSPECIFIED: RobotLog.Level
    LEVEL_TRACE: RobotLog.Level
    LEVEL_DEBUG: RobotLog.Level
    LEVEL_INFO: RobotLog.Level
    LEVEL_WARN: RobotLog.Level
    LEVEL_ERROR: RobotLog.Level
    LEVEL_FATAL: RobotLog.Level
    LEVEL_OTHER: RobotLog.Level
    TIME_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    RAW_LEVEL_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ROBOT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PROCESS_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    JOB_KEY_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_IDENTITY_FIELD_NUMBER: _ClassVar[int]
    HOST_MACHINE_NAME_FIELD_NUMBER: _ClassVar[int]
    MACHINE_ID_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    RAW_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    time: _timestamp_pb2.Timestamp
    level: RobotLog.Level
    raw_level: str
    message: str
    robot_display_name: str
    process_display_name: str
    job_key: str
    windows_identity: str
    host_machine_name: str
    machine_id: int
    fingerprint: str
    raw_message: str
    id: int
    late: bool
    def __init__(self, time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., level: _Optional[_Union[RobotLog.Level, str]] = ..., raw_level: _Optional[str] = ..., message: _Optional[str] = ..., robot_display_name: _Optional[str] = ..., process_display_name: _Optional[str] = ..., job_key: _Optional[str] = ..., windows_identity: _Optional[str] = ..., host_machine_name: _Optional[str] = ..., machine_id: _Optional[int] = ..., fingerprint: _Optional[str] = ..., raw_message: _Optional[str] = ..., id: _Optional[int] = ..., late: bool = ...) -> None: ...

class Job(_message.Message):
    __slots__ = ("name", "key", "state", "raw_state", "process_display_name", "create_time", "start_time", "end_time", "priority", "info", "input_arguments", "output_arguments", "host_machine_name", "reference", "raw_source", "error_code", "ended", "succeeded", "request_id")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Job.State]
        STATE_PENDING: _ClassVar[Job.State]
        STATE_RUNNING: _ClassVar[Job.State]
        STATE_STOPPING: _ClassVar[Job.State]
        STATE_TERMINATING: _ClassVar[Job.State]
        STATE_FAULTED: _ClassVar[Job.State]
        STATE_SUCCESSFUL: _ClassVar[Job.State]
        STATE_STOPPED: _ClassVar[Job.State]
        STATE_SUSPENDED: _ClassVar[Job.State]
        STATE_RESUMED: _ClassVar[Job.State]
        STATE_OTHER: _ClassVar[Job.State]
    STATE_UNSPECIFIED: Job.State
    STATE_PENDING: Job.State
    STATE_RUNNING: Job.State
    STATE_STOPPING: Job.State
    STATE_TERMINATING: Job.State
    STATE_FAULTED: Job.State
    STATE_SUCCESSFUL: Job.State
    STATE_STOPPED: Job.State
    STATE_SUSPENDED: Job.State
    STATE_RESUMED: Job.State
    STATE_OTHER: Job.State
    class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PRIORITY_UNSPECIFIED: _ClassVar[Job.Priority]
        PRIORITY_LOW: _ClassVar[Job.Priority]
        PRIORITY_NORMAL: _ClassVar[Job.Priority]
        PRIORITY_HIGH: _ClassVar[Job.Priority]
    PRIORITY_UNSPECIFIED: Job.Priority
    PRIORITY_LOW: Job.Priority
    PRIORITY_NORMAL: Job.Priority
    PRIORITY_HIGH: Job.Priority
    NAME_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RAW_STATE_FIELD_NUMBER: _ClassVar[int]
    PROCESS_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    INFO_FIELD_NUMBER: _ClassVar[int]
    INPUT_ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    HOST_MACHINE_NAME_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    RAW_SOURCE_FIELD_NUMBER: _ClassVar[int]
    ERROR_CODE_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    key: str
    state: Job.State
    raw_state: str
    process_display_name: str
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    priority: Job.Priority
    info: str
    input_arguments: str
    output_arguments: str
    host_machine_name: str
    reference: str
    raw_source: str
    error_code: str
    ended: bool
    succeeded: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., key: _Optional[str] = ..., state: _Optional[_Union[Job.State, str]] = ..., raw_state: _Optional[str] = ..., process_display_name: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., priority: _Optional[_Union[Job.Priority, str]] = ..., info: _Optional[str] = ..., input_arguments: _Optional[str] = ..., output_arguments: _Optional[str] = ..., host_machine_name: _Optional[str] = ..., reference: _Optional[str] = ..., raw_source: _Optional[str] = ..., error_code: _Optional[str] = ..., ended: bool = ..., succeeded: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class SessionStats(_message.Message):
    __slots__ = ("counts",)
    class Count(_message.Message):
        __slots__ = ("title", "count")
        TITLE_FIELD_NUMBER: _ClassVar[int]
        COUNT_FIELD_NUMBER: _ClassVar[int]
        title: str
        count: int
        def __init__(self, title: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[SessionStats.Count]
    def __init__(self, counts: _Optional[_Iterable[_Union[SessionStats.Count, _Mapping]]] = ...) -> None: ...
