"""What a type checker knows of the public names."""

import relais
from relais.jobqueue.v1 import GetJobRequest, Job
from relais.recordsql.v1 import Query
from relais.robot.v1 import ListRobotsRequest, Robot, RobotState
from typing_extensions import assert_type


def blocking(client: relais.Client) -> None:
    assert_type(client.jobqueue.GetJob(GetJobRequest(name="n"), timeout=1.0), Job)
    for robot in client.list(client.robot.ListRobots, ListRobotsRequest()):
        assert_type(robot, Robot)
    assert_type(client.jobqueue.wait("n", timeout=None), Job)
    for change in client.robot.watch("p"):
        assert_type(change.changed, list[RobotState])
    for row in client.recordsql.rows(Query()):
        assert_type(row, relais.Row)


async def asynchronous(client: relais.aio.AsyncClient) -> None:
    assert_type(await client.jobqueue.GetJob(GetJobRequest(name="n")), Job)
    async for job in client.jobqueue.watch_job("n"):
        assert_type(job, Job)
    try:
        await client.ping()
    except relais.RelaisError as error:
        assert_type(error.reason, relais.Reason)
