package io.relais.examples;

import static io.relais.robot.v1.RobotServiceGrpc.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import io.relais.client.Tail;
import io.relais.robot.v1.*;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Java of docs/from-vendor-scripts.md: the requests of Orchestrator's page on robots. */
class RobotScriptsTest extends VendorScripts {
  // show: robot names
  static final String ORCHESTRATOR = "orchestrators/sandbox";
  static final String FOLDER = ORCHESTRATOR + "/folders/36886";

  static List<Session> sessions(ListSessionsRequest.Builder request) {
    return relais.list(getListSessionsMethod(), request.setParent(FOLDER).build(), ListSessionsResponse::getSessionsList)
        .stream().collect(Collectors.toList());
  }

  static FieldMask mask(String... paths) {
    return FieldMask.newBuilder().addAllPaths(List.of(paths)).build();
  }
  // end

  @Test
  void reading() {
    // show: robot reading
    // Sessions?$filter=Robot/Id eq 749&$select=State
    RobotState.State state = relais.call(getGetRobotStateMethod(), GetRobotStateRequest.newBuilder()
        .setName(FOLDER + "/robots/749").build()).getState();
    // Sessions?$filter=Robot/Name eq 'DocBot'&$select=State
    List<Session> named = sessions(ListSessionsRequest.newBuilder()
        .setFilter("robot.display_name = \"DocBot\"").setReadMask(mask("reported_state")));
    // Sessions?$filter=State eq 'Available' and ReportingTime gt (two minutes ago)&$expand=Robot
    List<Session> available = sessions(ListSessionsRequest.newBuilder().setFilter("reported_state = AVAILABLE")
        .setMaxHeartbeatAge(Duration.newBuilder().setSeconds(120)).setReadMask(mask("robot")));
    // Sessions?$filter=State eq 'Disconnected'&$expand=Robot
    List<Session> disconnected = sessions(ListSessionsRequest.newBuilder().setFilter("reported_state = DISCONNECTED")
        .setReadMask(mask("reported_state", "report_time", "robot")));
    // Robots(216)
    Robot robot = relais.call(getGetRobotMethod(), GetRobotRequest.newBuilder().setName(FOLDER + "/robots/216").build());
    // Robots/UiPath.Server.Configuration.OData.GetRobotsForProcess(processId='…')
    List<String> able = relais.list(getListProcessRobotsMethod(), ListProcessRobotsRequest.newBuilder()
        .setParent(FOLDER + "/processes/input_output_arguments_example").build(), ListProcessRobotsResponse::getRobotsList)
        .stream().map(Robot::getDisplayName).collect(Collectors.toList());
    // RobotLogs?$top=100&$skip=100&$filter=RobotName eq 'DocBot': the newest first
    RobotLogFilter docBot = RobotLogFilter.newBuilder().setRobotDisplayName("DocBot").build();
    List<RobotLog> page = relais.call(getListRobotLogsMethod(), ListRobotLogsRequest.newBuilder()
        .setParent(FOLDER).setPageSize(100).setSkip(100).setFilter(docBot).build()).getLogsList();
    // the same, all of them and in order, also beyond the first 10 000
    int rows = 0;
    try (Tail logs = relais.robot().tail(TailRobotLogsRequest.newBuilder()
        .setParent(FOLDER).setFilter(docBot).setHistoryOnly(true).build())) {
      for (RobotLog log : logs) {
        rows++;
      }
    }
    // end
    assertEquals(RobotState.State.STATE_AVAILABLE, state);
    assertFalse(named.isEmpty());
    assertTrue(available.stream().anyMatch(one -> one.getRobot().getDisplayName().equals("DocBot")));
    assertTrue(disconnected.stream().anyMatch(one -> one.getRobot().getDisplayName().equals("Stan")));
    assertTrue(able.containsAll(List.of("Stan", "DocBot")) && robot.getDisplayName().equals("Gustavee"));
    assertEquals(List.of(100, 202), List.of(page.size(), rows));
  }

  @Test
  void changing() {
    // show: robot changing
    // PUT Robots(902): only what the mask names changes; the etag refuses when somebody else was faster
    Robot robot = relais.call(getGetRobotMethod(), GetRobotRequest.newBuilder().setName(FOLDER + "/robots/902").build());
    robot = relais.call(getUpdateRobotMethod(), UpdateRobotRequest.newBuilder().setEtag(robot.getEtag())
        .setRobot(Robot.newBuilder().setName(robot.getName()).setType(Robot.Type.TYPE_DEVELOPMENT).setDisplayName("Rob 2")
            .putExecutionSettings("LoginToConsole", SettingValue.newBuilder().setBoolValue(false).build()))
        .setUpdateMask(mask("type", "display_name", "execution_settings")).build());
    // DELETE Robots(79)
    relais.call(getDeleteRobotMethod(), DeleteRobotRequest.newBuilder().setName(FOLDER + "/robots/79").build());
    // POST Robots/UiPath.Server.Configuration.OData.DeleteBulk
    BatchDeleteRobotsResponse deleted = relais.call(getBatchDeleteRobotsMethod(), BatchDeleteRobotsRequest.newBuilder()
        .setParent(ORCHESTRATOR).addNames(FOLDER + "/robots/119").addNames(FOLDER + "/robots/120").build());
    // PATCH Users(88), UnattendedRobot.Password
    String user = relais.call(getUpdateUnattendedCredentialsMethod(), UpdateUnattendedCredentialsRequest.newBuilder()
        .setName(ORCHESTRATOR + "/users/88").setPassword("a new one").build()).getName();
    // end
    assertEquals("Rob 2, TYPE_DEVELOPMENT", robot.getDisplayName() + ", " + robot.getType());
    assertTrue(deleted.getResults(0).getDone() && deleted.getResults(1).getDone() && user.endsWith("/users/88"));
    assertFalse(relais.list(getListRobotsMethod(), ListRobotsRequest.newBuilder().setParent(FOLDER).build(),
        ListRobotsResponse::getRobotsList).stream().anyMatch(one -> one.getName().matches(".*/(79|119|120)")));
  }
}
