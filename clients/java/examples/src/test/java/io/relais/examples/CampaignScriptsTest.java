package io.relais.examples;

import static io.relais.campaign.v1.CampaignServiceGrpc.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.FieldMask;
import com.google.type.Date;
import io.relais.campaign.v1.*;
import io.relais.client.Saved;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java of docs/from-vendor-scripts.md: what scripts do with gt_automation. The page shows what stands between the marks. */
class CampaignScriptsTest extends VendorScripts {
  // show: campaign names
  static final String INSTANCE = "instances/sandbox";
  static final String MODEL = INSTANCE + "/models/Edit-Pays-Ville";
  static final String LAUNCH = MODEL + "/messages/launch";
  static final String CAMPAIGN = INSTANCE + "/campaigns/Edit-Pays-Ville~20241231~collect";
  static final Date DAY = Date.newBuilder().setYear(2024).setMonth(12).setDay(31).build();
  // end

  @Test
  void connection() {
    // show: campaign connection
    // GtConnectionInfo, logon, logout: does the gateway get into the instance?
    Instance instance = relais.call(getGetInstanceMethod(), GetInstanceRequest.newBuilder().setName(INSTANCE).build());
    boolean ready = instance.getReadiness() == Instance.Readiness.READINESS_READY;
    // end
    assertTrue(ready);
  }

  @Test
  void actions() {
    // show: campaign actions
    // action_campaign_launch(name, msg, wait_terminated=True, timeout=5)
    ActionRun launched = relais.campaign().run(getLaunchCampaignMethod(), LaunchCampaignRequest.newBuilder()
        .setParent(INSTANCE).setAction("Lancer").setMessage(LAUNCH).build(),
        Duration.ofMinutes(5), line -> System.out.println(line.getText()));
    // action_campaign_integration(name, statement_date): begun, not waited for
    ActionRun integration = relais.call(getIntegrateCampaignMethod(), IntegrateCampaignRequest.newBuilder()
        .setParent(INSTANCE).setAction("Intégrer").setStatementDate(DAY).build());
    // action_reporting
    ActionRun reporting = relais.call(getRunReportingMethod(), RunReportingRequest.newBuilder()
        .setParent(INSTANCE).setAction("Restituer").setMessage(LAUNCH).build());
    // action_reporting_qst
    ActionRun questionnaires = relais.call(getRunQuestionnaireReportingMethod(), RunQuestionnaireReportingRequest.newBuilder()
        .setParent(INSTANCE).setAction("Restituer questionnaires").setMessage(LAUNCH).setStatementDate(DAY).build());
    // action_restitution_launch
    ActionRun restitution = relais.call(getLaunchRestitutionMethod(), LaunchRestitutionRequest.newBuilder()
        .setParent(INSTANCE).setAction("Lancer restitution").setMessage(LAUNCH).setStatementDate(DAY).build());
    // action_sql
    ActionRun script = relais.call(getRunSqlActionMethod(), RunSqlActionRequest.newBuilder()
        .setParent(INSTANCE).setAction("Script").build());
    // action_combined
    ActionRun combined = relais.call(getRunCombinedActionMethod(), RunCombinedActionRequest.newBuilder()
        .setParent(INSTANCE).setAction("Combinée").setStatementDate(DAY).build());
    // action_create_users
    ActionRun accounts = relais.call(getRunUserCreationMethod(), RunUserCreationRequest.newBuilder()
        .setParent(INSTANCE).setAction("Créer comptes").build());
    // action_remove_answer_rights
    ActionRun rights = relais.call(getRemoveAnswerRightsMethod(), RemoveAnswerRightsRequest.newBuilder()
        .setParent(INSTANCE).setAction("Retirer droits").build());
    // action_open_close_qst
    ActionRun opening = relais.call(getOpenCloseQuestionnairesMethod(), OpenCloseQuestionnairesRequest.newBuilder()
        .setParent(INSTANCE).setAction("Ouvrir et fermer").setStatementDate(DAY).build());
    // action_campaign_followup(select_no_answers=True, select_pending=True)
    ActionRun reminder = relais.call(getRemindCampaignMethod(), RemindCampaignRequest.newBuilder()
        .setName(CAMPAIGN).setMessage(MODEL + "/messages/relaunch").setDefaultActionSettings(true)
        .setRemindNotAnswered(true).setRemindWaiting(true).build());
    // action_campaign_close
    ActionRun closing = relais.call(getCloseCampaignMethod(), CloseCampaignRequest.newBuilder()
        .setName(CAMPAIGN).setAction("Clore").setMessage(MODEL + "/messages/campaign_closed")
        .setAttachQuestionnaire(true).setAttachHistory(true).setSendMessage(false).build());
    // end
    assertTrue(launched.getSucceeded());
    for (ActionRun run : List.of(integration, reporting, questionnaires, restitution, script, combined, accounts, rights,
        opening, reminder, closing)) {
      assertTrue(relais.campaign().awaitRun(run.getName(), Duration.ofMinutes(1)).getSucceeded(), run.toString());
    }
  }

  @Test
  void runs() {
    ActionRun started = relais.call(getRunSqlActionMethod(), RunSqlActionRequest.newBuilder()
        .setParent(INSTANCE).setAction("Script").build());
    List<String> lines = new ArrayList<>();
    // show: campaign runs
    // get_action_status
    ActionRun run = relais.call(getGetActionRunMethod(), GetActionRunRequest.newBuilder().setName(started.getName()).build());
    // wait_terminated=True, timeout=5: its last state. One that fails is a state too: see getSucceeded and getError
    run = relais.campaign().awaitRun(run.getName(), Duration.ofMinutes(5));
    // get_action_log: each line once, until the run has ended
    run = relais.campaign().follow(run.getName(), Duration.ofMinutes(5), line -> lines.add(line.getText()));
    // end
    assertTrue(run.getEnded() && run.getSucceeded());
    assertTrue(lines.stream().anyMatch(line -> line.contains("Script")), lines.toString());
  }

  @Test
  void polling() {
    List<String> log = new ArrayList<>();
    // show: campaign polling
    // do_polling(True, 5)
    Polling polling = relais.call(getStartPollingMethod(), StartPollingRequest.newBuilder().setParent(INSTANCE).build());
    polling = relais.campaign().awaitPolling(polling.getName(), Duration.ofMinutes(5));
    // is_polling
    Polling current = relais.call(getGetPollingMethod(), GetPollingRequest.newBuilder()
        .setName(INSTANCE + "/pollings/current").build());
    boolean isPolling = !current.getEnded();
    // get_polling_log, by the stub
    Iterator<ReadPollingLogResponse> parts = newBlockingStub(relais.channel())
        .readPollingLog(ReadPollingLogRequest.newBuilder().setName(polling.getName()).build());
    parts.forEachRemaining(part -> part.getLinesList().forEach(line -> log.add(line.getText())));
    // end
    assertTrue(polling.getSucceeded() && !isPolling && !log.isEmpty());
  }

  @Test
  void lists() {
    List<String> names = new ArrayList<>();
    // show: campaign lists
    // list_campaign; of one kind and state only
    for (Campaign campaign : relais.list(getListCampaignsMethod(), ListCampaignsRequest.newBuilder()
        .setParent(INSTANCE).setFilter("kind = COLLECTION AND state = OPEN").build(), ListCampaignsResponse::getCampaignsList)) {
      names.add(campaign.getModelDisplayName());
    }
    // last_answer_date_for_campaign
    Date last = relais.call(getGetCampaignMethod(), GetCampaignRequest.newBuilder().setName(CAMPAIGN).build())
        .getLastAnswerDate();
    // delete_campaign(model, date, is_restit=True, delete_histo=True)
    relais.call(getDeleteCampaignMethod(), DeleteCampaignRequest.newBuilder()
        .setName(INSTANCE + "/campaigns/Edit-Pays-Ville~20231231~restit").setDeleteHistory(true).build());
    // get_message_from_name
    Message message = relais.call(getGetMessageMethod(), GetMessageRequest.newBuilder().setName(LAUNCH).build());
    // list_model, list_project
    long models = relais.list(getListModelsMethod(), ListModelsRequest.newBuilder().setParent(INSTANCE).build(),
        ListModelsResponse::getModelsList).stream().count();
    long projects = relais.list(getListProjectsMethod(), ListProjectsRequest.newBuilder().setParent(INSTANCE).build(),
        ListProjectsResponse::getProjectsList).stream().count();
    // end
    assertTrue(names.contains("Budget") && last.getYear() >= 2024 && !message.getSubject().isEmpty());
    assertEquals(3, models);
    assertEquals(2, projects);
    assertFalse(relais.list(getListCampaignsMethod(), ListCampaignsRequest.newBuilder().setParent(INSTANCE).build(),
        ListCampaignsResponse::getCampaignsList).stream().anyMatch(one -> one.getName().endsWith("20231231~restit")));
  }

  @Test
  void answers(@TempDir Path folder) {
    // show: campaign answers
    // list_answer; those that wait for validation only: setFilter("status = WAITING")
    long answers = relais.list(getListAnswersMethod(), ListAnswersRequest.newBuilder().setParent(CAMPAIGN).build(),
        ListAnswersResponse::getAnswersList).stream().count();
    // get_answer(dst_file, answer_id): a preview. With editable=True: DownloadAnswer
    Saved saved = relais.campaign().download(INSTANCE + "/answers/2001", folder.resolve("answer.qstx"));
    // get_qst_sent(dst_file, qst_id)
    Saved sent = relais.campaign().download(INSTANCE + "/questionnaires/1001", folder.resolve("questionnaire.qstx"));
    // close_qst(qst_id, past_and_future=False)
    relais.call(getCloseQuestionnaireMethod(), CloseQuestionnaireRequest.newBuilder()
        .setName(INSTANCE + "/questionnaires/1004").setScope(CloseQuestionnaireRequest.Scope.SCOPE_FUTURE).build());
    // delete_answer
    relais.call(getDeleteAnswerMethod(), DeleteAnswerRequest.newBuilder().setName(INSTANCE + "/answers/2003").build());
    // end
    assertTrue(answers >= 4 && saved.bytes() > 0 && sent.bytes() > 0 && folder.resolve("answer.qstx").toFile().length() > 0);
    assertFalse(relais.list(getListAnswersMethod(), ListAnswersRequest.newBuilder().setParent(CAMPAIGN).build(),
        ListAnswersResponse::getAnswersList).stream().anyMatch(one -> one.getName().endsWith("/2003")));
  }

  @Test
  void users() {
    // show: campaign users
    // GtUser, add_model_group_couple, insert_user
    User user = relais.call(getCreateUserMethod(), CreateUserRequest.newBuilder().setParent(INSTANCE).setUser(User.newBuilder()
        .setLogin("test_user").setPassword("testtest").setPrivilege(User.Privilege.PRIVILEGE_NONE).setMustChangePassword(true)
        .addModelGroups(ModelGroup.newBuilder().setModel(MODEL).setGroup("Valideur"))
        .addModelGroups(ModelGroup.newBuilder().setModel(MODEL).setGroup("Visualiseur"))).build());
    // list_user
    boolean listed = relais.list(getListUsersMethod(), ListUsersRequest.newBuilder().setParent(INSTANCE).build(),
        ListUsersResponse::getUsersList).stream().anyMatch(one -> one.getLogin().equals("test_user"));
    // edit_user: only what the mask names changes
    user = relais.call(getUpdateUserMethod(), UpdateUserRequest.newBuilder()
        .setUser(User.newBuilder().setName(user.getName()).setEmail("test_user@example.org"))
        .setUpdateMask(FieldMask.newBuilder().addPaths("email")).build());
    // delete_user
    relais.call(getDeleteUserMethod(), DeleteUserRequest.newBuilder().setName(user.getName()).build());
    // end
    assertTrue(listed && user.getMustChangePassword() && user.getModelGroupsCount() == 2);
    assertEquals("test_user@example.org", user.getEmail());
    assertFalse(relais.list(getListUsersMethod(), ListUsersRequest.newBuilder().setParent(INSTANCE).build(),
        ListUsersResponse::getUsersList).stream().anyMatch(one -> one.getLogin().equals("test_user")));
  }
}
