import datetime

from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import datetime_pb2 as _datetime_pb2
from google.type import timeofday_pb2 as _timeofday_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ValueType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VALUE_TYPE_UNSPECIFIED: _ClassVar[ValueType]
    VALUE_TYPE_STRING: _ClassVar[ValueType]
    VALUE_TYPE_INTEGER: _ClassVar[ValueType]
    VALUE_TYPE_DECIMAL: _ClassVar[ValueType]
    VALUE_TYPE_DATE: _ClassVar[ValueType]
    VALUE_TYPE_DATE_TIME: _ClassVar[ValueType]
    VALUE_TYPE_TIME: _ClassVar[ValueType]
    VALUE_TYPE_BOOL: _ClassVar[ValueType]

class Diagnostic(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIAGNOSTIC_UNSPECIFIED: _ClassVar[Diagnostic]
    DIAGNOSTIC_PERFORMANCE: _ClassVar[Diagnostic]
    DIAGNOSTIC_MEMORY: _ClassVar[Diagnostic]
    DIAGNOSTIC_VERSION: _ClassVar[Diagnostic]
    DIAGNOSTIC_COMPANY_FILE_CONTEXT: _ClassVar[Diagnostic]
    DIAGNOSTIC_SESSION: _ClassVar[Diagnostic]
VALUE_TYPE_UNSPECIFIED: ValueType
VALUE_TYPE_STRING: ValueType
VALUE_TYPE_INTEGER: ValueType
VALUE_TYPE_DECIMAL: ValueType
VALUE_TYPE_DATE: ValueType
VALUE_TYPE_DATE_TIME: ValueType
VALUE_TYPE_TIME: ValueType
VALUE_TYPE_BOOL: ValueType
DIAGNOSTIC_UNSPECIFIED: Diagnostic
DIAGNOSTIC_PERFORMANCE: Diagnostic
DIAGNOSTIC_MEMORY: Diagnostic
DIAGNOSTIC_VERSION: Diagnostic
DIAGNOSTIC_COMPANY_FILE_CONTEXT: Diagnostic
DIAGNOSTIC_SESSION: Diagnostic

class ListErpsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListErpsResponse(_message.Message):
    __slots__ = ("erps", "next_page_token")
    ERPS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    erps: _containers.RepeatedCompositeFieldContainer[Erp]
    next_page_token: str
    def __init__(self, erps: _Optional[_Iterable[_Union[Erp, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetErpRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListDictionariesRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDictionariesResponse(_message.Message):
    __slots__ = ("dictionaries", "next_page_token")
    DICTIONARIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dictionaries: _containers.RepeatedCompositeFieldContainer[Dictionary]
    next_page_token: str
    def __init__(self, dictionaries: _Optional[_Iterable[_Union[Dictionary, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListRecordSqlsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRecordSqlsResponse(_message.Message):
    __slots__ = ("record_sqls", "next_page_token")
    RECORD_SQLS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    record_sqls: _containers.RepeatedCompositeFieldContainer[RecordSql]
    next_page_token: str
    def __init__(self, record_sqls: _Optional[_Iterable[_Union[RecordSql, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetRecordSqlRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class QueryRecordsRequest(_message.Message):
    __slots__ = ("query", "page_size", "page_token", "skip")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    query: Query
    page_size: int
    page_token: str
    skip: int
    def __init__(self, query: _Optional[_Union[Query, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., skip: _Optional[int] = ...) -> None: ...

class QueryRecordsResponse(_message.Message):
    __slots__ = ("columns", "rows", "next_page_token", "table", "diagnostics")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    DIAGNOSTICS_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[Column]
    rows: _containers.RepeatedCompositeFieldContainer[Row]
    next_page_token: str
    table: str
    diagnostics: Diagnostics
    def __init__(self, columns: _Optional[_Iterable[_Union[Column, _Mapping]]] = ..., rows: _Optional[_Iterable[_Union[Row, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., table: _Optional[str] = ..., diagnostics: _Optional[_Union[Diagnostics, _Mapping]] = ...) -> None: ...

class StreamRecordsRequest(_message.Message):
    __slots__ = ("query", "page_size", "resume_token", "skip", "keyset_field")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    KEYSET_FIELD_FIELD_NUMBER: _ClassVar[int]
    query: Query
    page_size: int
    resume_token: str
    skip: int
    keyset_field: str
    def __init__(self, query: _Optional[_Union[Query, _Mapping]] = ..., page_size: _Optional[int] = ..., resume_token: _Optional[str] = ..., skip: _Optional[int] = ..., keyset_field: _Optional[str] = ...) -> None: ...

class StreamRecordsResponse(_message.Message):
    __slots__ = ("columns", "rows", "resume_token", "table", "end_of_stream")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    END_OF_STREAM_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[Column]
    rows: _containers.RepeatedCompositeFieldContainer[Row]
    resume_token: str
    table: str
    end_of_stream: bool
    def __init__(self, columns: _Optional[_Iterable[_Union[Column, _Mapping]]] = ..., rows: _Optional[_Iterable[_Union[Row, _Mapping]]] = ..., resume_token: _Optional[str] = ..., table: _Optional[str] = ..., end_of_stream: bool = ...) -> None: ...

class ExplainQueryRequest(_message.Message):
    __slots__ = ("query", "page_size", "skip")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    query: Query
    page_size: int
    skip: int
    def __init__(self, query: _Optional[_Union[Query, _Mapping]] = ..., page_size: _Optional[int] = ..., skip: _Optional[int] = ...) -> None: ...

class ExplainQueryResponse(_message.Message):
    __slots__ = ("http_method", "path", "body", "warnings")
    HTTP_METHOD_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    http_method: str
    path: str
    body: str
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, http_method: _Optional[str] = ..., path: _Optional[str] = ..., body: _Optional[str] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class ClearCacheRequest(_message.Message):
    __slots__ = ("name", "cache", "request_id")
    class Cache(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        CACHE_UNSPECIFIED: _ClassVar[ClearCacheRequest.Cache]
        CACHE_DICTIONARIES: _ClassVar[ClearCacheRequest.Cache]
        CACHE_USER: _ClassVar[ClearCacheRequest.Cache]
        CACHE_AUTHORIZED_DICTIONARIES: _ClassVar[ClearCacheRequest.Cache]
    CACHE_UNSPECIFIED: ClearCacheRequest.Cache
    CACHE_DICTIONARIES: ClearCacheRequest.Cache
    CACHE_USER: ClearCacheRequest.Cache
    CACHE_AUTHORIZED_DICTIONARIES: ClearCacheRequest.Cache
    NAME_FIELD_NUMBER: _ClassVar[int]
    CACHE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    cache: ClearCacheRequest.Cache
    request_id: str
    def __init__(self, name: _Optional[str] = ..., cache: _Optional[_Union[ClearCacheRequest.Cache, str]] = ..., request_id: _Optional[str] = ...) -> None: ...

class ClearCacheResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSessionRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class SetDebugRequest(_message.Message):
    __slots__ = ("name", "enabled", "max_size", "dictionary_loading_only", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    MAX_SIZE_FIELD_NUMBER: _ClassVar[int]
    DICTIONARY_LOADING_ONLY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    enabled: bool
    max_size: int
    dictionary_loading_only: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., enabled: bool = ..., max_size: _Optional[int] = ..., dictionary_loading_only: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class SetDebugResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DiagnoseEnvironmentRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DiagnoseEnvironmentResponse(_message.Message):
    __slots__ = ("trace",)
    TRACE_FIELD_NUMBER: _ClassVar[int]
    trace: str
    def __init__(self, trace: _Optional[str] = ...) -> None: ...

class Erp(_message.Message):
    __slots__ = ("name", "display_name", "reachability", "problem", "rest_version", "debug_enabled", "session_expire_time", "max_page_size")
    class Reachability(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        REACHABILITY_UNSPECIFIED: _ClassVar[Erp.Reachability]
        REACHABILITY_REACHABLE: _ClassVar[Erp.Reachability]
        REACHABILITY_UNREACHABLE: _ClassVar[Erp.Reachability]
        REACHABILITY_LOGIN_REFUSED: _ClassVar[Erp.Reachability]
        REACHABILITY_FAILING: _ClassVar[Erp.Reachability]
    REACHABILITY_UNSPECIFIED: Erp.Reachability
    REACHABILITY_REACHABLE: Erp.Reachability
    REACHABILITY_UNREACHABLE: Erp.Reachability
    REACHABILITY_LOGIN_REFUSED: Erp.Reachability
    REACHABILITY_FAILING: Erp.Reachability
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    REACHABILITY_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    REST_VERSION_FIELD_NUMBER: _ClassVar[int]
    DEBUG_ENABLED_FIELD_NUMBER: _ClassVar[int]
    SESSION_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    MAX_PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    reachability: Erp.Reachability
    problem: str
    rest_version: str
    debug_enabled: bool
    session_expire_time: _timestamp_pb2.Timestamp
    max_page_size: int
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., reachability: _Optional[_Union[Erp.Reachability, str]] = ..., problem: _Optional[str] = ..., rest_version: _Optional[str] = ..., debug_enabled: bool = ..., session_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., max_page_size: _Optional[int] = ...) -> None: ...

class Dictionary(_message.Message):
    __slots__ = ("name", "record_sql_count")
    NAME_FIELD_NUMBER: _ClassVar[int]
    RECORD_SQL_COUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    record_sql_count: int
    def __init__(self, name: _Optional[str] = ..., record_sql_count: _Optional[int] = ...) -> None: ...

class RecordSql(_message.Message):
    __slots__ = ("name", "comment", "table", "columns", "joins", "where_cases", "order_by_cases", "having_cases")
    NAME_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    JOINS_FIELD_NUMBER: _ClassVar[int]
    WHERE_CASES_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_CASES_FIELD_NUMBER: _ClassVar[int]
    HAVING_CASES_FIELD_NUMBER: _ClassVar[int]
    name: str
    comment: str
    table: str
    columns: _containers.RepeatedCompositeFieldContainer[Column]
    joins: _containers.RepeatedCompositeFieldContainer[Join]
    where_cases: _containers.RepeatedCompositeFieldContainer[ConditionCase]
    order_by_cases: _containers.RepeatedCompositeFieldContainer[OrderByCase]
    having_cases: _containers.RepeatedCompositeFieldContainer[ConditionCase]
    def __init__(self, name: _Optional[str] = ..., comment: _Optional[str] = ..., table: _Optional[str] = ..., columns: _Optional[_Iterable[_Union[Column, _Mapping]]] = ..., joins: _Optional[_Iterable[_Union[Join, _Mapping]]] = ..., where_cases: _Optional[_Iterable[_Union[ConditionCase, _Mapping]]] = ..., order_by_cases: _Optional[_Iterable[_Union[OrderByCase, _Mapping]]] = ..., having_cases: _Optional[_Iterable[_Union[ConditionCase, _Mapping]]] = ...) -> None: ...

class Column(_message.Message):
    __slots__ = ("name", "type", "label", "length", "scale", "join")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    JOIN_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: ValueType
    label: str
    length: int
    scale: int
    join: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[ValueType, str]] = ..., label: _Optional[str] = ..., length: _Optional[int] = ..., scale: _Optional[int] = ..., join: _Optional[str] = ...) -> None: ...

class Join(_message.Message):
    __slots__ = ("name", "table", "active_by_default", "dependencies")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_BY_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    DEPENDENCIES_FIELD_NUMBER: _ClassVar[int]
    name: str
    table: str
    active_by_default: bool
    dependencies: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., table: _Optional[str] = ..., active_by_default: bool = ..., dependencies: _Optional[_Iterable[str]] = ...) -> None: ...

class ConditionCase(_message.Message):
    __slots__ = ("name", "parameters")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    name: str
    parameters: _containers.RepeatedCompositeFieldContainer[Parameter]
    def __init__(self, name: _Optional[str] = ..., parameters: _Optional[_Iterable[_Union[Parameter, _Mapping]]] = ...) -> None: ...

class Parameter(_message.Message):
    __slots__ = ("name", "type")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: ValueType
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[ValueType, str]] = ...) -> None: ...

class OrderByCase(_message.Message):
    __slots__ = ("name", "label", "columns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    name: str
    label: str
    columns: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., label: _Optional[str] = ..., columns: _Optional[_Iterable[str]] = ...) -> None: ...

class Row(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedCompositeFieldContainer[Value]
    def __init__(self, values: _Optional[_Iterable[_Union[Value, _Mapping]]] = ...) -> None: ...

class Value(_message.Message):
    __slots__ = ("null_value", "string_value", "integer_value", "decimal_value", "date_value", "date_time_value", "time_value", "bool_value")
    NULL_VALUE_FIELD_NUMBER: _ClassVar[int]
    STRING_VALUE_FIELD_NUMBER: _ClassVar[int]
    INTEGER_VALUE_FIELD_NUMBER: _ClassVar[int]
    DECIMAL_VALUE_FIELD_NUMBER: _ClassVar[int]
    DATE_VALUE_FIELD_NUMBER: _ClassVar[int]
    DATE_TIME_VALUE_FIELD_NUMBER: _ClassVar[int]
    TIME_VALUE_FIELD_NUMBER: _ClassVar[int]
    BOOL_VALUE_FIELD_NUMBER: _ClassVar[int]
    null_value: _struct_pb2.NullValue
    string_value: str
    integer_value: int
    decimal_value: str
    date_value: _date_pb2.Date
    date_time_value: _datetime_pb2.DateTime
    time_value: _timeofday_pb2.TimeOfDay
    bool_value: bool
    def __init__(self, null_value: _Optional[_Union[_struct_pb2.NullValue, str]] = ..., string_value: _Optional[str] = ..., integer_value: _Optional[int] = ..., decimal_value: _Optional[str] = ..., date_value: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., date_time_value: _Optional[_Union[_datetime_pb2.DateTime, _Mapping]] = ..., time_value: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., bool_value: bool = ...) -> None: ...

class Query(_message.Message):
    __slots__ = ("record_sql", "fields", "where", "filter", "order_by", "having", "joins", "columns", "company_file", "parameters", "diagnostics")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    RECORD_SQL_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    HAVING_FIELD_NUMBER: _ClassVar[int]
    JOINS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    COMPANY_FILE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    DIAGNOSTICS_FIELD_NUMBER: _ClassVar[int]
    record_sql: str
    fields: _containers.RepeatedScalarFieldContainer[str]
    where: CaseCall
    filter: Filter
    order_by: str
    having: CaseCall
    joins: _containers.RepeatedCompositeFieldContainer[Switch]
    columns: _containers.RepeatedCompositeFieldContainer[Switch]
    company_file: str
    parameters: _containers.ScalarMap[str, str]
    diagnostics: _containers.RepeatedScalarFieldContainer[Diagnostic]
    def __init__(self, record_sql: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ..., where: _Optional[_Union[CaseCall, _Mapping]] = ..., filter: _Optional[_Union[Filter, _Mapping]] = ..., order_by: _Optional[str] = ..., having: _Optional[_Union[CaseCall, _Mapping]] = ..., joins: _Optional[_Iterable[_Union[Switch, _Mapping]]] = ..., columns: _Optional[_Iterable[_Union[Switch, _Mapping]]] = ..., company_file: _Optional[str] = ..., parameters: _Optional[_Mapping[str, str]] = ..., diagnostics: _Optional[_Iterable[_Union[Diagnostic, str]]] = ...) -> None: ...

class CaseCall(_message.Message):
    __slots__ = ("name", "parameters")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Value
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Value, _Mapping]] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    name: str
    parameters: _containers.MessageMap[str, Value]
    def __init__(self, name: _Optional[str] = ..., parameters: _Optional[_Mapping[str, Value]] = ...) -> None: ...

class Filter(_message.Message):
    __slots__ = ("cases", "operator", "expression", "custom", "raw")
    class Operator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OPERATOR_UNSPECIFIED: _ClassVar[Filter.Operator]
        OPERATOR_AND: _ClassVar[Filter.Operator]
        OPERATOR_OR: _ClassVar[Filter.Operator]
    OPERATOR_UNSPECIFIED: Filter.Operator
    OPERATOR_AND: Filter.Operator
    OPERATOR_OR: Filter.Operator
    CASES_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_FIELD_NUMBER: _ClassVar[int]
    RAW_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[CaseCall]
    operator: Filter.Operator
    expression: str
    custom: _containers.RepeatedCompositeFieldContainer[CustomCondition]
    raw: _containers.RepeatedCompositeFieldContainer[RawCondition]
    def __init__(self, cases: _Optional[_Iterable[_Union[CaseCall, _Mapping]]] = ..., operator: _Optional[_Union[Filter.Operator, str]] = ..., expression: _Optional[str] = ..., custom: _Optional[_Iterable[_Union[CustomCondition, _Mapping]]] = ..., raw: _Optional[_Iterable[_Union[RawCondition, _Mapping]]] = ...) -> None: ...

class CustomCondition(_message.Message):
    __slots__ = ("name", "field", "operator", "values")
    class Operator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OPERATOR_UNSPECIFIED: _ClassVar[CustomCondition.Operator]
        OPERATOR_EQUAL: _ClassVar[CustomCondition.Operator]
        OPERATOR_NOT_EQUAL: _ClassVar[CustomCondition.Operator]
        OPERATOR_LESS: _ClassVar[CustomCondition.Operator]
        OPERATOR_LESS_OR_EQUAL: _ClassVar[CustomCondition.Operator]
        OPERATOR_GREATER: _ClassVar[CustomCondition.Operator]
        OPERATOR_GREATER_OR_EQUAL: _ClassVar[CustomCondition.Operator]
        OPERATOR_LIKE: _ClassVar[CustomCondition.Operator]
        OPERATOR_NOT_LIKE: _ClassVar[CustomCondition.Operator]
        OPERATOR_IN: _ClassVar[CustomCondition.Operator]
        OPERATOR_BETWEEN: _ClassVar[CustomCondition.Operator]
        OPERATOR_IS_NULL: _ClassVar[CustomCondition.Operator]
        OPERATOR_IS_NOT_NULL: _ClassVar[CustomCondition.Operator]
    OPERATOR_UNSPECIFIED: CustomCondition.Operator
    OPERATOR_EQUAL: CustomCondition.Operator
    OPERATOR_NOT_EQUAL: CustomCondition.Operator
    OPERATOR_LESS: CustomCondition.Operator
    OPERATOR_LESS_OR_EQUAL: CustomCondition.Operator
    OPERATOR_GREATER: CustomCondition.Operator
    OPERATOR_GREATER_OR_EQUAL: CustomCondition.Operator
    OPERATOR_LIKE: CustomCondition.Operator
    OPERATOR_NOT_LIKE: CustomCondition.Operator
    OPERATOR_IN: CustomCondition.Operator
    OPERATOR_BETWEEN: CustomCondition.Operator
    OPERATOR_IS_NULL: CustomCondition.Operator
    OPERATOR_IS_NOT_NULL: CustomCondition.Operator
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    name: str
    field: str
    operator: CustomCondition.Operator
    values: _containers.RepeatedCompositeFieldContainer[Value]
    def __init__(self, name: _Optional[str] = ..., field: _Optional[str] = ..., operator: _Optional[_Union[CustomCondition.Operator, str]] = ..., values: _Optional[_Iterable[_Union[Value, _Mapping]]] = ...) -> None: ...

class RawCondition(_message.Message):
    __slots__ = ("name", "sql")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SQL_FIELD_NUMBER: _ClassVar[int]
    name: str
    sql: str
    def __init__(self, name: _Optional[str] = ..., sql: _Optional[str] = ...) -> None: ...

class Switch(_message.Message):
    __slots__ = ("name", "all", "action")
    class Action(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ACTION_UNSPECIFIED: _ClassVar[Switch.Action]
        ACTION_ACTIVATE: _ClassVar[Switch.Action]
        ACTION_DEACTIVATE: _ClassVar[Switch.Action]
    ACTION_UNSPECIFIED: Switch.Action
    ACTION_ACTIVATE: Switch.Action
    ACTION_DEACTIVATE: Switch.Action
    NAME_FIELD_NUMBER: _ClassVar[int]
    ALL_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    all: bool
    action: Switch.Action
    def __init__(self, name: _Optional[str] = ..., all: bool = ..., action: _Optional[_Union[Switch.Action, str]] = ...) -> None: ...

class Diagnostics(_message.Message):
    __slots__ = ("values", "raw")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    VALUES_FIELD_NUMBER: _ClassVar[int]
    RAW_FIELD_NUMBER: _ClassVar[int]
    values: _containers.ScalarMap[str, str]
    raw: str
    def __init__(self, values: _Optional[_Mapping[str, str]] = ..., raw: _Optional[str] = ...) -> None: ...

class Session(_message.Message):
    __slots__ = ("name", "expire_time", "expire_minutes", "time_zone", "environment", "user", "domain")
    NAME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_MINUTES_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    name: str
    expire_time: _timestamp_pb2.Timestamp
    expire_minutes: int
    time_zone: str
    environment: str
    user: str
    domain: str
    def __init__(self, name: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_minutes: _Optional[int] = ..., time_zone: _Optional[str] = ..., environment: _Optional[str] = ..., user: _Optional[str] = ..., domain: _Optional[str] = ...) -> None: ...
