"""Defines an export of postcodes, runs it and saves its file: exports_run.py [TARGET [FILE]]"""

import sys

import relais
from relais.exports.v1 import CreateExportRequest, Export, Source
from relais.recordsql.v1 import Query, StreamRecordsRequest

POSTCODES = StreamRecordsRequest(query=Query(record_sql="erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal"))
target, path = (sys.argv[1:] + ["localhost:50051", "postcodes.csv"][len(sys.argv) - 1:])[:2]

with relais.connect(target) as client:
    try:
        client.exports.CreateExport(CreateExportRequest(
            export_id="postcodes", export=Export(source=Source(records=POSTCODES))))
    except relais.RelaisError as error:
        if error.reason is not relais.Reason.RESOURCE_EXISTS:
            raise
    run = client.exports.run("exports/postcodes", timeout=120)
    print(run.name, "succeeded:", run.succeeded, "rows:", run.rows)
    saved = client.exports.download(run.name, path)
    print(f"{saved.path}: {saved.bytes} bytes, SHA-256 {saved.sha256}")
