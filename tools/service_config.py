#!/usr/bin/env python3
"""Writes a service config of gRPC for clients that use raw stubs, and for proxies.

    buf build protos -o -#format=json | tools/service_config.py > relais_service_config.json

Methods without side effects are repeated after UNAVAILABLE. Others are not: with an empty request_id a
repetition would be another call.
"""

import json
import sys

RETRY = {"maxAttempts": 4, "initialBackoff": "0.2s", "maxBackoff": "10s", "backoffMultiplier": 2,
         "retryableStatusCodes": ["UNAVAILABLE"]}


def main():
    harmless, other = [], []
    for file in json.load(sys.stdin)["file"]:
        for service in file.get("service", []):
            name = f"{file['package']}.{service['name']}"
            for method in service["method"]:
                level = method.get("options", {}).get("idempotencyLevel")
                if level is None:
                    sys.exit(f"service_config: {name}/{method['name']} has no idempotency_level")
                names = harmless if level == "NO_SIDE_EFFECTS" else other
                names.append((method, {"service": name, "method": method["name"]}))

    def calls(methods, streams):
        return [name for method, name in methods if bool(method.get("serverStreaming")) == streams]

    config = {"methodConfig": [
        {"name": calls(harmless, False), "timeout": "60s", "retryPolicy": RETRY},
        {"name": calls(harmless, True), "retryPolicy": RETRY},  # before their first message only
        {"name": calls(other, False), "timeout": "60s"},
    ]}
    json.dump(config, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
