"""Reads stock movements of an ERP, row by row: recordsql_rows.py [TARGET]"""

import sys

import relais
from relais.recordsql.v1 import Query, StreamRecordsRequest

RECORD_SQL = "erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/Mouvement"

with relais.connect(sys.argv[1] if len(sys.argv) > 1 else "localhost:50051") as client:
    request = StreamRecordsRequest(query=Query(record_sql=RECORD_SQL, fields=["MOUV_ID", "REF", "MOUVDT", "MONT"]),
                                   keyset_field="MOUV.MOUV_ID")
    with client.recordsql.rows(request) as rows:
        total = 0
        for number, row in enumerate(rows, 1):
            total += row["MONT"]
            if number == 5000:
                break
    print(f"{number} rows, the last is {row.as_dict()}")
    print(f"amount: {total}")
