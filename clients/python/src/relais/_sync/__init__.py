# Made by clients/python/generate. Do not edit.
