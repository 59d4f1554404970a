from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.type import date_pb2 as _date_pb2
from relais.type.v1 import type_pb2 as _type_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListInstancesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListInstancesResponse(_message.Message):
    __slots__ = ("instances", "next_page_token")
    INSTANCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    instances: _containers.RepeatedCompositeFieldContainer[Instance]
    next_page_token: str
    def __init__(self, instances: _Optional[_Iterable[_Union[Instance, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetInstanceRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListProjectsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListProjectsResponse(_message.Message):
    __slots__ = ("projects", "next_page_token")
    PROJECTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    projects: _containers.RepeatedCompositeFieldContainer[Project]
    next_page_token: str
    def __init__(self, projects: _Optional[_Iterable[_Union[Project, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListModelsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models", "next_page_token")
    MODELS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[Model]
    next_page_token: str
    def __init__(self, models: _Optional[_Iterable[_Union[Model, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetMessageRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListCampaignsRequest(_message.Message):
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

class ListCampaignsResponse(_message.Message):
    __slots__ = ("campaigns", "next_page_token")
    CAMPAIGNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    campaigns: _containers.RepeatedCompositeFieldContainer[Campaign]
    next_page_token: str
    def __init__(self, campaigns: _Optional[_Iterable[_Union[Campaign, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetCampaignRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeleteCampaignRequest(_message.Message):
    __slots__ = ("name", "delete_history", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DELETE_HISTORY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    delete_history: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., delete_history: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteCampaignResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class LaunchCampaignRequest(_message.Message):
    __slots__ = ("parent", "action", "message", "statement_date", "redirect_address", "user_cypher", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    REDIRECT_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    USER_CYPHER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    message: str
    statement_date: _date_pb2.Date
    redirect_address: str
    user_cypher: bool
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., message: _Optional[str] = ..., statement_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., redirect_address: _Optional[str] = ..., user_cypher: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class IntegrateCampaignRequest(_message.Message):
    __slots__ = ("parent", "action", "statement_date", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    statement_date: _date_pb2.Date
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., statement_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RunReportingRequest(_message.Message):
    __slots__ = ("parent", "action", "message", "redirect_address", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REDIRECT_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    message: str
    redirect_address: str
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., message: _Optional[str] = ..., redirect_address: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RunQuestionnaireReportingRequest(_message.Message):
    __slots__ = ("parent", "action", "message", "statement_date", "redirect_address", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    REDIRECT_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    message: str
    statement_date: _date_pb2.Date
    redirect_address: str
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., message: _Optional[str] = ..., statement_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., redirect_address: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class LaunchRestitutionRequest(_message.Message):
    __slots__ = ("parent", "action", "message", "statement_date", "redirect_address", "user_cypher", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    REDIRECT_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    USER_CYPHER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    message: str
    statement_date: _date_pb2.Date
    redirect_address: str
    user_cypher: bool
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., message: _Optional[str] = ..., statement_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., redirect_address: _Optional[str] = ..., user_cypher: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class RunSqlActionRequest(_message.Message):
    __slots__ = ("parent", "action", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CloseCampaignRequest(_message.Message):
    __slots__ = ("name", "action", "message", "default_action_settings", "attach_questionnaire", "attach_history", "send_message", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_ACTION_SETTINGS_FIELD_NUMBER: _ClassVar[int]
    ATTACH_QUESTIONNAIRE_FIELD_NUMBER: _ClassVar[int]
    ATTACH_HISTORY_FIELD_NUMBER: _ClassVar[int]
    SEND_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    action: str
    message: str
    default_action_settings: bool
    attach_questionnaire: bool
    attach_history: bool
    send_message: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., action: _Optional[str] = ..., message: _Optional[str] = ..., default_action_settings: bool = ..., attach_questionnaire: bool = ..., attach_history: bool = ..., send_message: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class RemindCampaignRequest(_message.Message):
    __slots__ = ("name", "message", "default_action_settings", "attach_questionnaire", "attach_history", "remind_not_answered", "remind_waiting", "remind_invalidated", "entities", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_ACTION_SETTINGS_FIELD_NUMBER: _ClassVar[int]
    ATTACH_QUESTIONNAIRE_FIELD_NUMBER: _ClassVar[int]
    ATTACH_HISTORY_FIELD_NUMBER: _ClassVar[int]
    REMIND_NOT_ANSWERED_FIELD_NUMBER: _ClassVar[int]
    REMIND_WAITING_FIELD_NUMBER: _ClassVar[int]
    REMIND_INVALIDATED_FIELD_NUMBER: _ClassVar[int]
    ENTITIES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    message: str
    default_action_settings: bool
    attach_questionnaire: bool
    attach_history: bool
    remind_not_answered: bool
    remind_waiting: bool
    remind_invalidated: bool
    entities: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    def __init__(self, name: _Optional[str] = ..., message: _Optional[str] = ..., default_action_settings: bool = ..., attach_questionnaire: bool = ..., attach_history: bool = ..., remind_not_answered: bool = ..., remind_waiting: bool = ..., remind_invalidated: bool = ..., entities: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RunCombinedActionRequest(_message.Message):
    __slots__ = ("parent", "action", "statement_date", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    statement_date: _date_pb2.Date
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., statement_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RunUserCreationRequest(_message.Message):
    __slots__ = ("parent", "action", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RemoveAnswerRightsRequest(_message.Message):
    __slots__ = ("parent", "action", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class OpenCloseQuestionnairesRequest(_message.Message):
    __slots__ = ("parent", "action", "statement_date", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    action: str
    statement_date: _date_pb2.Date
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., action: _Optional[str] = ..., statement_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class ResolveSubmissionRequest(_message.Message):
    __slots__ = ("parent", "method", "submission_request_id", "action_run", "not_taken", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACTION_RUN_FIELD_NUMBER: _ClassVar[int]
    NOT_TAKEN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    method: str
    submission_request_id: str
    action_run: str
    not_taken: bool
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., method: _Optional[str] = ..., submission_request_id: _Optional[str] = ..., action_run: _Optional[str] = ..., not_taken: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class ResolveSubmissionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetActionRunRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class WatchActionRunRequest(_message.Message):
    __slots__ = ("name", "resume_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    resume_token: str
    def __init__(self, name: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchActionRunResponse(_message.Message):
    __slots__ = ("action_run", "lines", "restarted", "resume_token")
    ACTION_RUN_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    RESTARTED_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    action_run: ActionRun
    lines: _containers.RepeatedCompositeFieldContainer[LogLine]
    restarted: bool
    resume_token: str
    def __init__(self, action_run: _Optional[_Union[ActionRun, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[LogLine, _Mapping]]] = ..., restarted: bool = ..., resume_token: _Optional[str] = ...) -> None: ...

class ReadActionRunLogRequest(_message.Message):
    __slots__ = ("name", "resume_token", "batch_bytes")
    NAME_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    BATCH_BYTES_FIELD_NUMBER: _ClassVar[int]
    name: str
    resume_token: str
    batch_bytes: int
    def __init__(self, name: _Optional[str] = ..., resume_token: _Optional[str] = ..., batch_bytes: _Optional[int] = ...) -> None: ...

class ReadActionRunLogResponse(_message.Message):
    __slots__ = ("lines", "resume_token", "end_of_stream")
    LINES_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    END_OF_STREAM_FIELD_NUMBER: _ClassVar[int]
    lines: _containers.RepeatedCompositeFieldContainer[LogLine]
    resume_token: str
    end_of_stream: bool
    def __init__(self, lines: _Optional[_Iterable[_Union[LogLine, _Mapping]]] = ..., resume_token: _Optional[str] = ..., end_of_stream: bool = ...) -> None: ...

class StartPollingRequest(_message.Message):
    __slots__ = ("parent", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetPollingRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class WatchPollingRequest(_message.Message):
    __slots__ = ("name", "resume_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    resume_token: str
    def __init__(self, name: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchPollingResponse(_message.Message):
    __slots__ = ("polling", "resume_token")
    POLLING_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    polling: Polling
    resume_token: str
    def __init__(self, polling: _Optional[_Union[Polling, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ReadPollingLogRequest(_message.Message):
    __slots__ = ("name", "resume_token", "batch_bytes")
    NAME_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    BATCH_BYTES_FIELD_NUMBER: _ClassVar[int]
    name: str
    resume_token: str
    batch_bytes: int
    def __init__(self, name: _Optional[str] = ..., resume_token: _Optional[str] = ..., batch_bytes: _Optional[int] = ...) -> None: ...

class ReadPollingLogResponse(_message.Message):
    __slots__ = ("lines", "resume_token", "end_of_stream")
    LINES_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    END_OF_STREAM_FIELD_NUMBER: _ClassVar[int]
    lines: _containers.RepeatedCompositeFieldContainer[LogLine]
    resume_token: str
    end_of_stream: bool
    def __init__(self, lines: _Optional[_Iterable[_Union[LogLine, _Mapping]]] = ..., resume_token: _Optional[str] = ..., end_of_stream: bool = ...) -> None: ...

class ListAnswersRequest(_message.Message):
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

class ListAnswersResponse(_message.Message):
    __slots__ = ("answers", "next_page_token")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[Answer]
    next_page_token: str
    def __init__(self, answers: _Optional[_Iterable[_Union[Answer, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteAnswerRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteAnswerResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DownloadAnswerRequest(_message.Message):
    __slots__ = ("name", "editable")
    NAME_FIELD_NUMBER: _ClassVar[int]
    EDITABLE_FIELD_NUMBER: _ClassVar[int]
    name: str
    editable: bool
    def __init__(self, name: _Optional[str] = ..., editable: bool = ...) -> None: ...

class DownloadAnswerResponse(_message.Message):
    __slots__ = ("metadata", "chunk", "trailer")
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    TRAILER_FIELD_NUMBER: _ClassVar[int]
    metadata: _type_pb2.FileMetadata
    chunk: bytes
    trailer: _type_pb2.FileTrailer
    def __init__(self, metadata: _Optional[_Union[_type_pb2.FileMetadata, _Mapping]] = ..., chunk: _Optional[bytes] = ..., trailer: _Optional[_Union[_type_pb2.FileTrailer, _Mapping]] = ...) -> None: ...

class DownloadAnswerContentRequest(_message.Message):
    __slots__ = ("name", "editable")
    NAME_FIELD_NUMBER: _ClassVar[int]
    EDITABLE_FIELD_NUMBER: _ClassVar[int]
    name: str
    editable: bool
    def __init__(self, name: _Optional[str] = ..., editable: bool = ...) -> None: ...

class DownloadQuestionnaireRequest(_message.Message):
    __slots__ = ("name", "editable")
    NAME_FIELD_NUMBER: _ClassVar[int]
    EDITABLE_FIELD_NUMBER: _ClassVar[int]
    name: str
    editable: bool
    def __init__(self, name: _Optional[str] = ..., editable: bool = ...) -> None: ...

class DownloadQuestionnaireResponse(_message.Message):
    __slots__ = ("metadata", "chunk", "trailer")
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    TRAILER_FIELD_NUMBER: _ClassVar[int]
    metadata: _type_pb2.FileMetadata
    chunk: bytes
    trailer: _type_pb2.FileTrailer
    def __init__(self, metadata: _Optional[_Union[_type_pb2.FileMetadata, _Mapping]] = ..., chunk: _Optional[bytes] = ..., trailer: _Optional[_Union[_type_pb2.FileTrailer, _Mapping]] = ...) -> None: ...

class DownloadQuestionnaireContentRequest(_message.Message):
    __slots__ = ("name", "editable")
    NAME_FIELD_NUMBER: _ClassVar[int]
    EDITABLE_FIELD_NUMBER: _ClassVar[int]
    name: str
    editable: bool
    def __init__(self, name: _Optional[str] = ..., editable: bool = ...) -> None: ...

class CloseQuestionnaireRequest(_message.Message):
    __slots__ = ("name", "scope", "request_id")
    class Scope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SCOPE_UNSPECIFIED: _ClassVar[CloseQuestionnaireRequest.Scope]
        SCOPE_FUTURE: _ClassVar[CloseQuestionnaireRequest.Scope]
        SCOPE_PAST_AND_FUTURE: _ClassVar[CloseQuestionnaireRequest.Scope]
    SCOPE_UNSPECIFIED: CloseQuestionnaireRequest.Scope
    SCOPE_FUTURE: CloseQuestionnaireRequest.Scope
    SCOPE_PAST_AND_FUTURE: CloseQuestionnaireRequest.Scope
    NAME_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    scope: CloseQuestionnaireRequest.Scope
    request_id: str
    def __init__(self, name: _Optional[str] = ..., scope: _Optional[_Union[CloseQuestionnaireRequest.Scope, str]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CloseQuestionnaireResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListUsersRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListUsersResponse(_message.Message):
    __slots__ = ("users", "next_page_token")
    USERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    users: _containers.RepeatedCompositeFieldContainer[User]
    next_page_token: str
    def __init__(self, users: _Optional[_Iterable[_Union[User, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateUserRequest(_message.Message):
    __slots__ = ("parent", "user", "request_id")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    parent: str
    user: User
    request_id: str
    def __init__(self, parent: _Optional[str] = ..., user: _Optional[_Union[User, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class UpdateUserRequest(_message.Message):
    __slots__ = ("user", "update_mask", "request_id")
    USER_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    user: User
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, user: _Optional[_Union[User, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteUserRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteUserResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Instance(_message.Message):
    __slots__ = ("name", "display_name", "transport", "readiness")
    class Readiness(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        READINESS_UNSPECIFIED: _ClassVar[Instance.Readiness]
        READINESS_READY: _ClassVar[Instance.Readiness]
        READINESS_UNREACHABLE: _ClassVar[Instance.Readiness]
        READINESS_LOGIN_REFUSED: _ClassVar[Instance.Readiness]
        READINESS_FAILING: _ClassVar[Instance.Readiness]
    READINESS_UNSPECIFIED: Instance.Readiness
    READINESS_READY: Instance.Readiness
    READINESS_UNREACHABLE: Instance.Readiness
    READINESS_LOGIN_REFUSED: Instance.Readiness
    READINESS_FAILING: Instance.Readiness
    class Transport(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TRANSPORT_UNSPECIFIED: _ClassVar[Instance.Transport]
        TRANSPORT_HTTP: _ClassVar[Instance.Transport]
        TRANSPORT_TCP: _ClassVar[Instance.Transport]
    TRANSPORT_UNSPECIFIED: Instance.Transport
    TRANSPORT_HTTP: Instance.Transport
    TRANSPORT_TCP: Instance.Transport
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TRANSPORT_FIELD_NUMBER: _ClassVar[int]
    READINESS_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    transport: Instance.Transport
    readiness: Instance.Readiness
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., transport: _Optional[_Union[Instance.Transport, str]] = ..., readiness: _Optional[_Union[Instance.Readiness, str]] = ...) -> None: ...

class Project(_message.Message):
    __slots__ = ("name", "display_name", "extra")
    class ExtraEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    extra: _containers.ScalarMap[str, str]
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., extra: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Model(_message.Message):
    __slots__ = ("name", "display_name", "project", "groups", "extra")
    class ExtraEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    project: str
    groups: _containers.RepeatedScalarFieldContainer[str]
    extra: _containers.ScalarMap[str, str]
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., project: _Optional[str] = ..., groups: _Optional[_Iterable[str]] = ..., extra: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Message(_message.Message):
    __slots__ = ("name", "display_name", "raw_kind", "subject", "body", "extra")
    class ExtraEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    RAW_KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    raw_kind: str
    subject: str
    body: str
    extra: _containers.ScalarMap[str, str]
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., raw_kind: _Optional[str] = ..., subject: _Optional[str] = ..., body: _Optional[str] = ..., extra: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Campaign(_message.Message):
    __slots__ = ("name", "model", "model_display_name", "statement_date", "kind", "state", "raw_state", "last_answer_date", "extra")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[Campaign.Kind]
        KIND_COLLECTION: _ClassVar[Campaign.Kind]
        KIND_RESTITUTION: _ClassVar[Campaign.Kind]
    KIND_UNSPECIFIED: Campaign.Kind
    KIND_COLLECTION: Campaign.Kind
    KIND_RESTITUTION: Campaign.Kind
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Campaign.State]
        STATE_OPEN: _ClassVar[Campaign.State]
        STATE_CLOSED: _ClassVar[Campaign.State]
        STATE_OTHER: _ClassVar[Campaign.State]
    STATE_UNSPECIFIED: Campaign.State
    STATE_OPEN: Campaign.State
    STATE_CLOSED: Campaign.State
    STATE_OTHER: Campaign.State
    class ExtraEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MODEL_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RAW_STATE_FIELD_NUMBER: _ClassVar[int]
    LAST_ANSWER_DATE_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELD_NUMBER: _ClassVar[int]
    name: str
    model: str
    model_display_name: str
    statement_date: _date_pb2.Date
    kind: Campaign.Kind
    state: Campaign.State
    raw_state: str
    last_answer_date: _date_pb2.Date
    extra: _containers.ScalarMap[str, str]
    def __init__(self, name: _Optional[str] = ..., model: _Optional[str] = ..., model_display_name: _Optional[str] = ..., statement_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., kind: _Optional[_Union[Campaign.Kind, str]] = ..., state: _Optional[_Union[Campaign.State, str]] = ..., raw_state: _Optional[str] = ..., last_answer_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., extra: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ActionRun(_message.Message):
    __slots__ = ("name", "action", "state", "raw_state", "error", "extra", "ended", "succeeded", "request_id")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[ActionRun.State]
        STATE_QUEUED: _ClassVar[ActionRun.State]
        STATE_RUNNING: _ClassVar[ActionRun.State]
        STATE_SUCCEEDED: _ClassVar[ActionRun.State]
        STATE_SUCCEEDED_WITH_WARNINGS: _ClassVar[ActionRun.State]
        STATE_FAILED: _ClassVar[ActionRun.State]
        STATE_CANCELLED: _ClassVar[ActionRun.State]
        STATE_OTHER: _ClassVar[ActionRun.State]
    STATE_UNSPECIFIED: ActionRun.State
    STATE_QUEUED: ActionRun.State
    STATE_RUNNING: ActionRun.State
    STATE_SUCCEEDED: ActionRun.State
    STATE_SUCCEEDED_WITH_WARNINGS: ActionRun.State
    STATE_FAILED: ActionRun.State
    STATE_CANCELLED: ActionRun.State
    STATE_OTHER: ActionRun.State
    class ExtraEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RAW_STATE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    action: str
    state: ActionRun.State
    raw_state: str
    error: str
    extra: _containers.ScalarMap[str, str]
    ended: bool
    succeeded: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., action: _Optional[str] = ..., state: _Optional[_Union[ActionRun.State, str]] = ..., raw_state: _Optional[str] = ..., error: _Optional[str] = ..., extra: _Optional[_Mapping[str, str]] = ..., ended: bool = ..., succeeded: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class LogLine(_message.Message):
    __slots__ = ("offset", "text")
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    offset: int
    text: str
    def __init__(self, offset: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class Polling(_message.Message):
    __slots__ = ("name", "state", "raw_state", "ended", "succeeded")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Polling.State]
        STATE_RUNNING: _ClassVar[Polling.State]
        STATE_SUCCEEDED: _ClassVar[Polling.State]
        STATE_SUCCEEDED_WITH_WARNINGS: _ClassVar[Polling.State]
        STATE_FAILED: _ClassVar[Polling.State]
        STATE_OTHER: _ClassVar[Polling.State]
    STATE_UNSPECIFIED: Polling.State
    STATE_RUNNING: Polling.State
    STATE_SUCCEEDED: Polling.State
    STATE_SUCCEEDED_WITH_WARNINGS: Polling.State
    STATE_FAILED: Polling.State
    STATE_OTHER: Polling.State
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RAW_STATE_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    name: str
    state: Polling.State
    raw_state: str
    ended: bool
    succeeded: bool
    def __init__(self, name: _Optional[str] = ..., state: _Optional[_Union[Polling.State, str]] = ..., raw_state: _Optional[str] = ..., ended: bool = ..., succeeded: bool = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("name", "questionnaire", "entity", "status", "raw_status", "status_date", "last_reminder_date", "closed", "axes", "extra")
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATUS_UNSPECIFIED: _ClassVar[Answer.Status]
        STATUS_NOT_ANSWERED: _ClassVar[Answer.Status]
        STATUS_WAITING: _ClassVar[Answer.Status]
        STATUS_VALIDATED: _ClassVar[Answer.Status]
        STATUS_INVALIDATED: _ClassVar[Answer.Status]
        STATUS_OTHER: _ClassVar[Answer.Status]
    STATUS_UNSPECIFIED: Answer.Status
    STATUS_NOT_ANSWERED: Answer.Status
    STATUS_WAITING: Answer.Status
    STATUS_VALIDATED: Answer.Status
    STATUS_INVALIDATED: Answer.Status
    STATUS_OTHER: Answer.Status
    class AxesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class ExtraEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    QUESTIONNAIRE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_REMINDER_DATE_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    AXES_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELD_NUMBER: _ClassVar[int]
    name: str
    questionnaire: str
    entity: str
    status: Answer.Status
    raw_status: str
    status_date: _date_pb2.Date
    last_reminder_date: _date_pb2.Date
    closed: bool
    axes: _containers.ScalarMap[str, str]
    extra: _containers.ScalarMap[str, str]
    def __init__(self, name: _Optional[str] = ..., questionnaire: _Optional[str] = ..., entity: _Optional[str] = ..., status: _Optional[_Union[Answer.Status, str]] = ..., raw_status: _Optional[str] = ..., status_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., last_reminder_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., closed: bool = ..., axes: _Optional[_Mapping[str, str]] = ..., extra: _Optional[_Mapping[str, str]] = ...) -> None: ...

class User(_message.Message):
    __slots__ = ("name", "login", "password", "email", "first_name", "last_name", "privilege", "raw_privilege", "must_change_password", "model_groups")
    class Privilege(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PRIVILEGE_UNSPECIFIED: _ClassVar[User.Privilege]
        PRIVILEGE_NONE: _ClassVar[User.Privilege]
        PRIVILEGE_DEVELOPER: _ClassVar[User.Privilege]
        PRIVILEGE_ADMINISTRATOR: _ClassVar[User.Privilege]
        PRIVILEGE_OTHER: _ClassVar[User.Privilege]
    PRIVILEGE_UNSPECIFIED: User.Privilege
    PRIVILEGE_NONE: User.Privilege
    PRIVILEGE_DEVELOPER: User.Privilege
    PRIVILEGE_ADMINISTRATOR: User.Privilege
    PRIVILEGE_OTHER: User.Privilege
    NAME_FIELD_NUMBER: _ClassVar[int]
    LOGIN_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    PRIVILEGE_FIELD_NUMBER: _ClassVar[int]
    RAW_PRIVILEGE_FIELD_NUMBER: _ClassVar[int]
    MUST_CHANGE_PASSWORD_FIELD_NUMBER: _ClassVar[int]
    MODEL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    name: str
    login: str
    password: str
    email: str
    first_name: str
    last_name: str
    privilege: User.Privilege
    raw_privilege: str
    must_change_password: bool
    model_groups: _containers.RepeatedCompositeFieldContainer[ModelGroup]
    def __init__(self, name: _Optional[str] = ..., login: _Optional[str] = ..., password: _Optional[str] = ..., email: _Optional[str] = ..., first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., privilege: _Optional[_Union[User.Privilege, str]] = ..., raw_privilege: _Optional[str] = ..., must_change_password: bool = ..., model_groups: _Optional[_Iterable[_Union[ModelGroup, _Mapping]]] = ...) -> None: ...

class ModelGroup(_message.Message):
    __slots__ = ("model", "group")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    model: str
    group: str
    def __init__(self, model: _Optional[str] = ..., group: _Optional[str] = ...) -> None: ...
