"""Lists robots, starts a job and follows its log to its end: robot_start.py [TARGET]"""

import sys

import relais
from relais.robot.v1 import ListRobotsRequest, StartJobsRequest, TailRobotLogsRequest

FOLDER = "orchestrators/sandbox/folders/36886"
PROCESS = FOLDER + "/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002"

with relais.connect(sys.argv[1] if len(sys.argv) > 1 else "localhost:50051") as client:
    for robot in client.list(client.robot.ListRobots, ListRobotsRequest(parent=FOLDER)):
        print(robot.name, robot.display_name)
    [job] = client.robot.StartJobs(StartJobsRequest(process=PROCESS)).jobs
    with client.robot.tail(TailRobotLogsRequest(parent=FOLDER), until_job=job.name) as logs:
        for log in logs:
            print(log.message)
    print("succeeded:", client.robot.wait(job.name, timeout=60).succeeded)
