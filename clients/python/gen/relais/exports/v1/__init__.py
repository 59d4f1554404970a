# Made by clients/python/generate. Do not edit.
from .exports_pb2 import *  # noqa: F403
