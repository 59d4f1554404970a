"""What a script does: reads the pages of a RecordSql and writes them to a file, as CSV or with XlsxWriter.

    export.py PORT csv|xlsx OFFSET FILE      prints {"rows": …, "cpu_seconds": …}
"""

import csv
import datetime
import http.client
import json
import os
import resource
import sys

TEXT = {"DOS", "REF", "DES", "NOTE"}
NUMBER = {"MOUV_ID", "PINO", "QTE", "MONT"}


def pages(port, offset):
    connection = http.client.HTTPConnection("127.0.0.1", int(port))

    def post(path, body):
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())

    token = post("/api/v1/Authent/Auth", {"user": "bench", "password": "bench"})["access_token"]
    while True:
        reply = post("/api/v1/RecordSql/Execute", {"access_token": token, "dhoq": "gtrsmou.dhoq",
                                                   "recordsql": "MOUVEMENT", "offset": offset, "count": 1000})
        if not reply["records"]:
            return
        yield [record["record"] for record in reply["records"]]
        offset += len(reply["records"])


def typed(name, text):
    """A value as the export has it: days and times in ISO form."""
    if name == "DAT":
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if name == "USERCRDH":
        return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:]}"
    return text


def write_csv(rows_of_pages, path):
    count = 0
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for page in rows_of_pages:
            names = list(page[0])
            if count == 0:
                writer.writerow(names)
            writer.writerows([typed(name, record[name]) for name in names] for record in page)
            count += len(page)
        file.flush()
        os.fsync(file.fileno())
    return count


def write_xlsx(rows_of_pages, path):
    import xlsxwriter
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    count = 0
    for page in rows_of_pages:
        names = list(page[0])
        for record in page:
            count += 1
            for column, name in enumerate(names):
                if name in TEXT:
                    sheet.write_string(count, column, record[name])
                elif name in NUMBER:
                    sheet.write_number(count, column, float(record[name]))
                elif name == "DAT":
                    text = record[name]
                    date = datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
                    sheet.write_datetime(count, column, date, day)
                else:
                    sheet.write_string(count, column, typed(name, record[name]))
    book.close()
    return count


def main():
    port, what, offset, path = sys.argv[1:]
    rows = (write_csv if what == "csv" else write_xlsx)(pages(port, int(offset)), path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"rows": rows, "cpu_seconds": used.ru_utime + used.ru_stime}))


main()
