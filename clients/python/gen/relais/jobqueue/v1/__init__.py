# Made by clients/python/generate. Do not edit.
from .jobqueue_pb2 import *  # noqa: F403
