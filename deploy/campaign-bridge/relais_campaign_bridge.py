#!/usr/bin/env python3
"""Lets the gateway use the vendor's Python library `gt_automation`: it serves the reference protocol (docs/campaign.md)
on a local socket and calls the library. The gateway starts and stops it; see README.md beside this file."""

import argparse
import importlib
import json
import os
import signal
import socketserver
import struct
import sys
import threading

from commands import Bridge

LONGEST_FRAME = 16 << 20
EXIT_SETTINGS = 2
EXIT_LIBRARY = 3


class Unusable(Exception):
    """The program cannot run; `status` is its exit status."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def read_settings(line):
    """What the gateway sends first, with the password. No message quotes it."""
    try:
        settings = json.loads(line)
        settings = {"tcp": False, "ssl": False, "alias": "", "options": {}, **settings}
        usable = all(isinstance(settings[name], str) for name in ("host", "login", "password", "alias"))
        options = settings["options"]
        usable = usable and isinstance(settings["port"], int) and isinstance(options, dict)
    except (ValueError, TypeError, KeyError):
        usable = False
    if not usable:
        raise Unusable(EXIT_SETTINGS, "the settings on stdin are not whole")
    if {"host", "port", "gt_login", "gt_password", "tcp", "ssl", "alias", "param", "params", "data"} & set(options):
        raise Unusable(EXIT_SETTINGS, "http_options must not have what the library sets itself")
    # requests wants pairs as tuples.
    settings["options"] = {name: tuple(each) if isinstance(each, list) else each for name, each in options.items()}
    return settings


def import_library(name):
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise Unusable(EXIT_LIBRARY, f"cannot import {name}: {type(error).__name__}") from None
    missing = [each for each in ("GtConnectionInfo", "GtUser", "UserPrivilege") if not hasattr(module, each)]
    if missing:
        raise Unusable(EXIT_LIBRARY, f"{name} is not the library: it lacks {', '.join(missing)}")
    return module


class Connection(socketserver.StreamRequestHandler):
    """Frames of a length, four bytes, the highest first, and that much JSON; each is answered by one."""

    def handle(self):
        while header := self.rfile.read(4):
            if len(header) < 4 or (length := struct.unpack(">I", header)[0]) > LONGEST_FRAME:
                return
            content = self.rfile.read(length)
            if len(content) < length:
                return
            try:
                frame = json.loads(content)
            except (ValueError, RecursionError):
                return
            answer = json.dumps(self.server.bridge.answer(frame)).encode()
            self.wfile.write(struct.pack(">I", len(answer)) + answer)


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

    def service_actions(self):  # twice a second
        self.bridge.drop_old_files()

    def handle_error(self, request, client_address):
        pass  # the peer has gone


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("; see")[0] + ".", allow_abbrev=False)
    parser.add_argument("--socket", required=True, metavar="PATH", help="where to listen; must not exist")
    parser.add_argument("--module", default="gt_automation", metavar="NAME", help="the library, default %(default)s")
    parser.add_argument("--polling-minutes", type=int, default=60, metavar="N", help="longest polling, default %(default)s")
    parser.add_argument("--file-seconds", type=int, default=60, metavar="N", help="how long a file is kept, default %(default)s")
    return parser.parse_args(arguments)


def remove(socket):
    """Removes the socket and its folder, when that is empty then."""
    try:
        os.unlink(socket)
        os.rmdir(os.path.dirname(socket))
    except OSError:
        pass


def main(arguments):
    options = parse_arguments(arguments)
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.dup(1)
    stderr = os.dup(2)

    def log(event):
        os.write(stderr, f"{event}\n".encode("utf-8", "replace"))

    # What the library prints may be secret and is nobody's to read.
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the gateway, which has calls to finish
    try:
        settings = read_settings(stdin.readline())
        bridge = Bridge(import_library(options.module), settings, options.polling_minutes, options.file_seconds, log)
        server = Server(options.socket, Connection)
    except Unusable as error:
        log(error)
        return error.status
    except OSError as error:
        log(f"cannot listen: {type(error).__name__}")
        return EXIT_SETTINGS
    server.bridge = bridge
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.write(stdout, b"ready\n")
    if stdin.read() != b"end\n":  # until the gateway ends; when it was killed it cannot tidy up
        remove(options.socket)
    return 0


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))  # what the library is still at is not waited for
