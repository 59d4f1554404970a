package io.relais.examples;

import io.relais.client.Change;
import io.relais.client.Relais;
import io.relais.client.Tail;
import io.relais.client.TailOptions;
import io.relais.client.Watch;
import io.relais.robot.v1.Job;
import io.relais.robot.v1.ListRobotsRequest;
import io.relais.robot.v1.ListRobotsResponse;
import io.relais.robot.v1.Robot;
import io.relais.robot.v1.RobotLog;
import io.relais.robot.v1.RobotServiceGrpc;
import io.relais.robot.v1.RobotState;
import io.relais.robot.v1.StartJobsRequest;
import io.relais.robot.v1.TailRobotLogsRequest;
import java.time.Duration;

/** Lists robots, shows what they do, starts a job and follows it. */
public final class RobotsAtWork {
  private static final String FOLDER = "orchestrators/sandbox/folders/Shared";

  public static void main(String[] arguments) {
    try (Relais relais = Relais.builder(arguments[0]).build()) {
      for (Robot robot : relais.list(RobotServiceGrpc.getListRobotsMethod(),
          ListRobotsRequest.newBuilder().setParent(FOLDER).build(), ListRobotsResponse::getRobotsList)) {
        System.out.println(robot.getDisplayName() + " on " + robot.getMachineName());
      }
      try (Watch<RobotState> watch = relais.robot().watch(FOLDER)) {
        for (Change<RobotState> change : watch) {
          change.changed().forEach(state -> System.out.println(state.getDisplayName() + " is " + state.getState()));
          if (change.complete()) {
            break;  // stay in the loop to see what changes
          }
        }
      }
      StartJobsRequest start = StartJobsRequest.newBuilder()
          .setProcess(FOLDER + "/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002").build();
      Job job = relais.call(RobotServiceGrpc.getStartJobsMethod(), start).getJobs(0);
      try (Tail tail = relais.robot().tail(TailRobotLogsRequest.newBuilder().setParent(FOLDER).build(),
          new TailOptions().untilJob(job.getName()))) {
        for (RobotLog log : tail) {
          System.out.println(log.getMessage());
        }
      }
      job = relais.robot().await(job.getName(), Duration.ofMinutes(2));
      System.out.println("the job has ended " + job.getState());
    }
  }
}
