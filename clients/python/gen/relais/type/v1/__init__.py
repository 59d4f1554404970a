# Made by clients/python/generate. Do not edit.
from .type_pb2 import *  # noqa: F403
