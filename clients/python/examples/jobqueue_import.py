"""Imports a text file into Granta MI, waits for it and saves what it says: jobqueue_import.py [TARGET [FOLDER]]"""

import sys

import relais
from relais.jobqueue.v1 import JobDefinition, JobFile, TextImport

TEMPLATE = b"<Template><General><FullName><Item>Build</Item></FullName></General></Template>\n"
STEELS = b"Number,Build,Speed\n1,steel-1,36.7\n2,steel-2,67.4\n"
target, folder = (sys.argv[1:] + ["localhost:50051", "."][len(sys.argv) - 1:])[:2]

with relais.connect(target) as client:
    definition = JobDefinition(display_name="Steels", text_import=TextImport(
        template=JobFile(path="template.xml"), data=[JobFile(path="steels.csv")]))
    # A source is bytes, a pathlib.Path or a file object.
    job = client.jobqueue.submit("queues/sandbox", definition, {"template.xml": TEMPLATE, "steels.csv": STEELS})
    job = client.jobqueue.wait(job.name, timeout=60)
    print(f"{job.name}: {job.import_summary.created_record_count} records, succeeded: {job.succeeded}")
    for saved in client.jobqueue.download_all(job.name, folder):
        print(f"{saved.path}: {saved.bytes} bytes")
