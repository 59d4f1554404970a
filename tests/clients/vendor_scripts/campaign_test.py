"""Python of docs/from-vendor-scripts.md: what scripts do with gt_automation. The page shows what stands between the marks."""

# show: campaign names
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from relais.campaign.v1 import *

INSTANCE = "instances/sandbox"
MODEL = INSTANCE + "/models/Edit-Pays-Ville"
LAUNCH, RELAUNCH, CLOSED = (f"{MODEL}/messages/{name}" for name in ("launch", "relaunch", "campaign_closed"))
CAMPAIGN = INSTANCE + "/campaigns/Edit-Pays-Ville~20241231~collect"
DAY = Date(year=2024, month=12, day=31)
# end


def test_connection(client):
    # show: campaign connection
    # GtConnectionInfo, logon, logout: does the gateway get into the instance?
    instance = client.campaign.GetInstance(GetInstanceRequest(name=INSTANCE))
    ready = instance.readiness == Instance.READINESS_READY
    # end
    assert ready


def test_actions(client):
    # show: campaign actions
    campaign = client.campaign
    # action_campaign_launch(name, msg, wait_terminated=True, timeout=5)
    launched = campaign.run(campaign.LaunchCampaign, LaunchCampaignRequest(
        parent=INSTANCE, action="Lancer", message=LAUNCH), timeout=300, on_line=lambda line: print(line.text))
    # action_campaign_integration(name, statement_date): begun, not waited for
    integration = campaign.IntegrateCampaign(IntegrateCampaignRequest(parent=INSTANCE, action="Intégrer", statement_date=DAY))
    # action_reporting
    reporting = campaign.RunReporting(RunReportingRequest(parent=INSTANCE, action="Restituer", message=LAUNCH))
    # action_reporting_qst
    questionnaires = campaign.RunQuestionnaireReporting(RunQuestionnaireReportingRequest(
        parent=INSTANCE, action="Restituer questionnaires", message=LAUNCH, statement_date=DAY))
    # action_restitution_launch
    restitution = campaign.LaunchRestitution(LaunchRestitutionRequest(
        parent=INSTANCE, action="Lancer restitution", message=LAUNCH, statement_date=DAY))
    # action_sql
    script = campaign.RunSqlAction(RunSqlActionRequest(parent=INSTANCE, action="Script"))
    # action_combined
    combined = campaign.RunCombinedAction(RunCombinedActionRequest(parent=INSTANCE, action="Combinée", statement_date=DAY))
    # action_create_users
    accounts = campaign.RunUserCreation(RunUserCreationRequest(parent=INSTANCE, action="Créer comptes"))
    # action_remove_answer_rights
    rights = campaign.RemoveAnswerRights(RemoveAnswerRightsRequest(parent=INSTANCE, action="Retirer droits"))
    # action_open_close_qst
    opening = campaign.OpenCloseQuestionnaires(OpenCloseQuestionnairesRequest(
        parent=INSTANCE, action="Ouvrir et fermer", statement_date=DAY))
    # action_campaign_followup(select_no_answers=True, select_pending=True)
    reminder = campaign.RemindCampaign(RemindCampaignRequest(
        name=CAMPAIGN, message=RELAUNCH, default_action_settings=True, remind_not_answered=True, remind_waiting=True))
    # action_campaign_close
    closing = campaign.CloseCampaign(CloseCampaignRequest(
        name=CAMPAIGN, action="Clore", message=CLOSED, attach_questionnaire=True, attach_history=True, send_message=False))
    # end
    assert launched.succeeded
    for run in (integration, reporting, questionnaires, restitution, script, combined, accounts, rights, opening, reminder, closing):
        assert campaign.wait_run(run.name, timeout=60).succeeded, run


def test_runs(client):
    campaign = client.campaign
    started = campaign.RunSqlAction(RunSqlActionRequest(parent=INSTANCE, action="Script"))
    lines = []
    # show: campaign runs
    # get_action_status
    run = client.campaign.GetActionRun(GetActionRunRequest(name=started.name))
    # wait_terminated=True, timeout=5: its last state. One that fails is a state too: see `succeeded` and `error`
    run = client.campaign.wait_run(run.name, timeout=300)
    # get_action_log: each line once, until the run has ended
    run = client.campaign.follow(run.name, timeout=300, on_line=lambda line: lines.append(line.text))
    # end
    assert run.ended and run.succeeded and any("Script" in line for line in lines)


def test_polling(client):
    # show: campaign polling
    # do_polling(True, 5)
    polling = client.campaign.StartPolling(StartPollingRequest(parent=INSTANCE))
    polling = client.campaign.wait_polling(polling.name, timeout=300)
    # is_polling
    current = client.campaign.GetPolling(GetPollingRequest(name=INSTANCE + "/pollings/current"))
    is_polling = not current.ended
    # get_polling_log
    log = [line.text for part in client.campaign.ReadPollingLog(ReadPollingLogRequest(name=polling.name)) for line in part.lines]
    # end
    assert polling.succeeded and not is_polling and log


def test_campaigns(client):
    # show: campaign lists
    # list_campaign; of one kind and state only
    campaigns = list(client.list(client.campaign.ListCampaigns, ListCampaignsRequest(
        parent=INSTANCE, filter="kind = COLLECTION AND state = OPEN")))
    # last_answer_date_for_campaign
    last = client.campaign.GetCampaign(GetCampaignRequest(name=CAMPAIGN)).last_answer_date
    # delete_campaign(model, date, is_restit=True, delete_histo=True)
    client.campaign.DeleteCampaign(DeleteCampaignRequest(
        name=INSTANCE + "/campaigns/Edit-Pays-Ville~20231231~restit", delete_history=True))
    # get_message_from_name
    message = client.campaign.GetMessage(GetMessageRequest(name=LAUNCH))
    # list_model, list_project
    models = list(client.list(client.campaign.ListModels, ListModelsRequest(parent=INSTANCE)))
    projects = list(client.list(client.campaign.ListProjects, ListProjectsRequest(parent=INSTANCE)))
    # end
    assert "Budget" in {one.model_display_name for one in campaigns} and last.year >= 2024
    assert message.subject and len(models) == 3 and len(projects) == 2
    everything = client.list(client.campaign.ListCampaigns, ListCampaignsRequest(parent=INSTANCE))
    assert not [one for one in everything if one.name.endswith("20231231~restit")]


def test_answers(client, tmp_path):
    # show: campaign answers
    # list_answer; those that wait for validation only: filter="status = WAITING"
    answers = list(client.list(client.campaign.ListAnswers, ListAnswersRequest(parent=CAMPAIGN)))
    # get_answer(dst_file, answer_id): a preview. With editable=True: DownloadAnswer
    saved = client.campaign.download(INSTANCE + "/answers/2001", tmp_path / "answer.qstx")
    # get_qst_sent(dst_file, qst_id)
    sent = client.campaign.download(INSTANCE + "/questionnaires/1001", tmp_path / "questionnaire.qstx")
    # close_qst(qst_id, past_and_future=False)
    client.campaign.CloseQuestionnaire(CloseQuestionnaireRequest(
        name=INSTANCE + "/questionnaires/1004", scope=CloseQuestionnaireRequest.SCOPE_FUTURE))
    # delete_answer
    client.campaign.DeleteAnswer(DeleteAnswerRequest(name=INSTANCE + "/answers/2003"))
    # end
    assert len(answers) >= 4 and saved.bytes == (tmp_path / "answer.qstx").stat().st_size > 0 and sent.bytes > 0
    left = {one.entity: one for one in client.list(client.campaign.ListAnswers, ListAnswersRequest(parent=CAMPAIGN))}
    assert left["DE-Ulm"].closed and not left.get("DE-Berlin", Answer()).name.endswith("/2003")


def test_users(client):
    # show: campaign users
    # GtUser, add_model_group_couple, insert_user
    user = client.campaign.CreateUser(CreateUserRequest(parent=INSTANCE, user=User(
        login="test_user", password="testtest", privilege=User.PRIVILEGE_NONE, must_change_password=True,
        model_groups=[ModelGroup(model=MODEL, group="Valideur"), ModelGroup(model=MODEL, group="Visualiseur")])))
    # list_user
    users = {one.login: one for one in client.list(client.campaign.ListUsers, ListUsersRequest(parent=INSTANCE))}
    # edit_user: only what the mask names changes
    user = client.campaign.UpdateUser(UpdateUserRequest(
        user=User(name=user.name, email="test_user@example.org"), update_mask=FieldMask(paths=["email"])))
    # delete_user
    client.campaign.DeleteUser(DeleteUserRequest(name=user.name))
    # end
    assert len(users["test_user"].model_groups) == 2 and user.email == "test_user@example.org" and user.must_change_password
    assert "test_user" not in [one.login for one in client.list(client.campaign.ListUsers, ListUsersRequest(parent=INSTANCE))]
