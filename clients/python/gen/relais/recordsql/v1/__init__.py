# Made by clients/python/generate. Do not edit.
from .recordsql_pb2 import *  # noqa: F403
