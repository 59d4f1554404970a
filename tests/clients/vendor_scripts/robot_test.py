"""Python of docs/from-vendor-scripts.md: the requests of Orchestrator's page on robots. The page shows what stands between the
marks."""

# show: robot names
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from relais.robot.v1 import *

ORCHESTRATOR = "orchestrators/sandbox"
FOLDER = ORCHESTRATOR + "/folders/36886"
# end


def test_reading(client):
    # show: robot reading
    # Sessions?$filter=Robot/Id eq 749&$select=State
    state = client.robot.GetRobotState(GetRobotStateRequest(name=FOLDER + "/robots/749")).state
    # Sessions?$filter=Robot/Name eq 'DocBot'&$select=State
    named = list(client.list(client.robot.ListSessions, ListSessionsRequest(
        parent=FOLDER, filter='robot.display_name = "DocBot"', read_mask=FieldMask(paths=["reported_state"]))))
    # Sessions?$filter=State eq 'Available' and ReportingTime gt (two minutes ago)&$expand=Robot
    available = list(client.list(client.robot.ListSessions, ListSessionsRequest(
        parent=FOLDER, filter="reported_state = AVAILABLE", max_heartbeat_age=Duration(seconds=120),
        read_mask=FieldMask(paths=["robot"]))))
    # Sessions?$filter=State eq 'Disconnected'&$expand=Robot
    disconnected = list(client.list(client.robot.ListSessions, ListSessionsRequest(
        parent=FOLDER, filter="reported_state = DISCONNECTED", read_mask=FieldMask(paths=["reported_state", "report_time", "robot"]))))
    # Robots(216)
    robot = client.robot.GetRobot(GetRobotRequest(name=FOLDER + "/robots/216"))
    # Robots/UiPath.Server.Configuration.OData.GetRobotsForProcess(processId='…')
    able = list(client.list(client.robot.ListProcessRobots, ListProcessRobotsRequest(
        parent=FOLDER + "/processes/input_output_arguments_example")))
    # RobotLogs?$top=100&$skip=100&$filter=RobotName eq 'DocBot': the newest first
    page = client.robot.ListRobotLogs(ListRobotLogsRequest(
        parent=FOLDER, page_size=100, skip=100, filter=RobotLogFilter(robot_display_name="DocBot"))).logs
    # the same, all of them and in order, also beyond the first 10 000
    with client.robot.tail(TailRobotLogsRequest(
            parent=FOLDER, filter=RobotLogFilter(robot_display_name="DocBot"), history_only=True)) as logs:
        messages = [log.message for log in logs]
    # end
    assert state == RobotState.STATE_AVAILABLE and named
    assert "DocBot" in [one.robot.display_name for one in available] and "Stan" in [one.robot.display_name for one in disconnected]
    assert robot.display_name == "Gustavee" and robot.license_key and {"Stan", "DocBot"} <= {one.display_name for one in able}
    assert len(page) == 100 and len(messages) == 202


def test_changing(client):
    # show: robot changing
    # PUT Robots(749): only what the mask names changes; `etag` refuses when somebody else was faster
    robot = client.robot.GetRobot(GetRobotRequest(name=FOLDER + "/robots/749"))
    robot = client.robot.UpdateRobot(UpdateRobotRequest(
        robot=Robot(name=robot.name, type=Robot.TYPE_DEVELOPMENT, display_name="DocBot 2",
                    execution_settings={"LoginToConsole": SettingValue(bool_value=False)}),
        update_mask=FieldMask(paths=["type", "display_name", "execution_settings"]), etag=robot.etag))
    # DELETE Robots(79)
    client.robot.DeleteRobot(DeleteRobotRequest(name=FOLDER + "/robots/79"))
    # POST Robots/UiPath.Server.Configuration.OData.DeleteBulk
    results = client.robot.BatchDeleteRobots(BatchDeleteRobotsRequest(
        parent=ORCHESTRATOR, names=[FOLDER + "/robots/119", FOLDER + "/robots/120"])).results
    # PATCH Users(88), UnattendedRobot.Password
    user = client.robot.UpdateUnattendedCredentials(UpdateUnattendedCredentialsRequest(
        name=ORCHESTRATOR + "/users/88", password="a new one"))
    # end
    assert (robot.type, robot.display_name) == (Robot.TYPE_DEVELOPMENT, "DocBot 2") and all(one.done for one in results)
    assert user.name.endswith("/users/88")
    left = {one.name.rsplit("/", 1)[1] for one in client.list(client.robot.ListRobots, ListRobotsRequest(parent=FOLDER))}
    assert not left & {"79", "119", "120"}
