"""What a user would write today: read every page with the standard library, keep the rows as dictionaries.

python_records.py PORT PAGE_ROWS ROWS: one JSON object as result.
"""

import http.client
import json
import resource
import sys
import time


def main():
    port, page, total = (int(word) for word in sys.argv[1:4])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    rows = []
    began = time.monotonic()
    while True:
        body = json.dumps({"dhoq": "gtrsmou.dhoq", "recordsql": "MOUVEMENT", "access_token": "bench",
                           "offset": len(rows), "count": page}).replace('": ', '":')
        connection.request("POST", "/api/v1/RecordSql/Execute", body, {"Content-Type": "application/json"})
        reply = json.loads(connection.getresponse().read())
        if reply["nbrecord"] == 0:
            break
        rows.extend(record["record"] for record in reply["records"])
    seconds = time.monotonic() - began
    if len(rows) != total:
        sys.exit(f"{len(rows)} rows instead of {total}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": len(rows), "rows_per_second": round(len(rows) / seconds), "peak_mib": round(peak)}))


if __name__ == "__main__":
    main()
