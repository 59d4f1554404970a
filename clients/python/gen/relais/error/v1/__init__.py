# Made by clients/python/generate. Do not edit.
from .reason_pb2 import *  # noqa: F403
