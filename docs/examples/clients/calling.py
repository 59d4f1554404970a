import relais
from relais.jobqueue.v1 import GetJobRequest
from relais.recordsql.v1 import Query

with relais.connect("localhost:50051") as client:
    try:
        job = client.jobqueue.GetJob(GetJobRequest(name="queues/sandbox/jobs/42"))
        print(job.display_name, "succeeded:", job.succeeded)
    except relais.RelaisError as error:
        if error.reason is not relais.Reason.RESOURCE_NOT_FOUND:
            raise
        print("no such job")
    query = Query(record_sql="erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal", fields=["CPOSTAL", "VIL"])
    with client.recordsql.rows(query) as rows:
        for row in rows:
            print(row["CPOSTAL"], row["VIL"])
