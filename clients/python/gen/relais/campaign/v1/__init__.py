# Made by clients/python/generate. Do not edit.
from .campaign_pb2 import *  # noqa: F403
