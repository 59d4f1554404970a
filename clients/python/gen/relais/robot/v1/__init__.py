# Made by clients/python/generate. Do not edit.
from .robot_pb2 import *  # noqa: F403
