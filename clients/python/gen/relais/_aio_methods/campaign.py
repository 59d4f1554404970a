# Made by clients/python/generate. Do not edit.
"""The asynchronous methods of CampaignService, with their types."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from relais._aio import verbs
from relais._aio.calls import Calls, Lister, Stream, Streamer, Unary
from relais._types import Change, Saved
from relais.campaign.v1 import campaign_pb2


class CampaignService:
    """Launches, follows and closes campaigns, reads their answers, and manages the users of an instance.  Names of models and messages are exact, with their letter case; in a resource name they are escaped as in a URL ("/" as "%2F", "%" as "%25", "~" as "%7E").  Errors carry a reason of `relais.error.v1.Reason`; besides those named at a method, every method that asks the upstream may return CONNECTION_NOT_FOUND, UPSTREAM_UNREACHABLE, UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_RATE_LIMITED, UPSTREAM_SATURATED, UPSTREAM_FAILED, UPSTREAM_REJECTED_REQUEST, UPSTREAM_MALFORMED_RESPONSE, UPSTREAM_CONTRACT_BROKEN, UPSTREAM_UNSUPPORTED, UPSTREAM_ERROR_CODE, ACCESS_DENIED, GATEWAY_CREDENTIAL_REJECTED, CALLER_DEADLINE and CALLER_CANCELLED; metadata `upstreamCode` is "FAMILY/CODE" of the reference protocol. Every method with a `request_id` may return REQUEST_ID_REUSED, REQUEST_IN_PROGRESS and GATEWAY_INTERNAL (its state cannot be written).  The twelve methods that return an `ActionRun` start an action that was designed in the instance (CloseCampaign and RemindCampaign included). They answer when it has been accepted; WatchActionRun follows it. Each is sent at most once. Because the upstream offers no mark by which a start could be found again, a start whose answer was lost is SUBMISSION_OUTCOME_UNKNOWN and never sent again; ResolveSubmission settles it. An action that the upstream refuses before it has an id is ACTION_FAILED.  A page of a list also ends before it has about 3 MiB, with a `next_page_token`: clients of gRPC refuse more than 4 MiB unless told otherwise."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.ListInstances: Lister[campaign_pb2.ListInstancesRequest, campaign_pb2.ListInstancesResponse, campaign_pb2.Instance] = Lister(
            calls, "/relais.campaign.v1.CampaignService/ListInstances", campaign_pb2.ListInstancesRequest, campaign_pb2.ListInstancesResponse, "instances")
        """Lists the configured instances without asking them. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.GetInstance: Unary[campaign_pb2.GetInstanceRequest, campaign_pb2.Instance] = Unary(
            calls, "/relais.campaign.v1.CampaignService/GetInstance", campaign_pb2.GetInstanceRequest, campaign_pb2.Instance)
        """Tells whether an instance answers and lets the gateway in: logs on and out. One that does not is not an error here but is reported in `Instance.readiness`. Unary, read only. Reasons: INVALID_REQUEST."""
        self.ListProjects: Lister[campaign_pb2.ListProjectsRequest, campaign_pb2.ListProjectsResponse, campaign_pb2.Project] = Lister(
            calls, "/relais.campaign.v1.CampaignService/ListProjects", campaign_pb2.ListProjectsRequest, campaign_pb2.ListProjectsResponse, "projects")
        """Lists the projects of an instance by name. Unary, read only. Upstream: `list_project`. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.ListModels: Lister[campaign_pb2.ListModelsRequest, campaign_pb2.ListModelsResponse, campaign_pb2.Model] = Lister(
            calls, "/relais.campaign.v1.CampaignService/ListModels", campaign_pb2.ListModelsRequest, campaign_pb2.ListModelsResponse, "models")
        """Lists the models that the gateway's account may see, by name. Unary, read only. Upstream: `list_model`. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.GetMessage: Unary[campaign_pb2.GetMessageRequest, campaign_pb2.Message] = Unary(
            calls, "/relais.campaign.v1.CampaignService/GetMessage", campaign_pb2.GetMessageRequest, campaign_pb2.Message)
        """Reads a message of a model. Unary, read only. Upstream: `get_message_from_name`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.ListCampaigns: Lister[campaign_pb2.ListCampaignsRequest, campaign_pb2.ListCampaignsResponse, campaign_pb2.Campaign] = Lister(
            calls, "/relais.campaign.v1.CampaignService/ListCampaigns", campaign_pb2.ListCampaignsRequest, campaign_pb2.ListCampaignsResponse, "campaigns")
        """Lists the campaigns of an instance by model, date and kind. Unary, read only. The gateway filters and cuts pages, since the upstream gives all at once. Upstream: `list_campaign`. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.GetCampaign: Unary[campaign_pb2.GetCampaignRequest, campaign_pb2.Campaign] = Unary(
            calls, "/relais.campaign.v1.CampaignService/GetCampaign", campaign_pb2.GetCampaignRequest, campaign_pb2.Campaign)
        """Reads a campaign with the date of its last answer. Unary, read only. Upstream: `list_campaign` and `last_answer_date_for_campaign`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.DeleteCampaign: Unary[campaign_pb2.DeleteCampaignRequest, campaign_pb2.DeleteCampaignResponse] = Unary(
            calls, "/relais.campaign.v1.CampaignService/DeleteCampaign", campaign_pb2.DeleteCampaignRequest, campaign_pb2.DeleteCampaignResponse)
        """Deletes a campaign. Unary; never repeated by the gateway. Upstream: `delete_campaign`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.LaunchCampaign: Unary[campaign_pb2.LaunchCampaignRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/LaunchCampaign", campaign_pb2.LaunchCampaignRequest, campaign_pb2.ActionRun)
        """Launches a collection campaign: makes it, or adds questionnaires to it, and sends mail. Unary; at most once. Upstream: `action_campaign_launch`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.IntegrateCampaign: Unary[campaign_pb2.IntegrateCampaignRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/IntegrateCampaign", campaign_pb2.IntegrateCampaignRequest, campaign_pb2.ActionRun)
        """Integrates answers into the storage tables. Unary; at most once. Upstream: `action_campaign_integration`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.RunReporting: Unary[campaign_pb2.RunReportingRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/RunReporting", campaign_pb2.RunReportingRequest, campaign_pb2.ActionRun)
        """Launches a restitution, that is a report. Unary; at most once. Upstream: `action_reporting`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.RunQuestionnaireReporting: Unary[campaign_pb2.RunQuestionnaireReportingRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/RunQuestionnaireReporting", campaign_pb2.RunQuestionnaireReportingRequest, campaign_pb2.ActionRun)
        """Launches a restitution of questionnaires. Unary; at most once. Upstream: `action_reporting_qst`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.LaunchRestitution: Unary[campaign_pb2.LaunchRestitutionRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/LaunchRestitution", campaign_pb2.LaunchRestitutionRequest, campaign_pb2.ActionRun)
        """Launches a restitution campaign: makes it, or adds to it, and sends mail. Unary; at most once. Upstream: `action_restitution_launch`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.RunSqlAction: Unary[campaign_pb2.RunSqlActionRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/RunSqlAction", campaign_pb2.RunSqlActionRequest, campaign_pb2.ActionRun)
        """Runs an SQL script that was designed as an action. Unary; at most once. Upstream: `action_sql`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.CloseCampaign: Unary[campaign_pb2.CloseCampaignRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/CloseCampaign", campaign_pb2.CloseCampaignRequest, campaign_pb2.ActionRun)
        """Closes a campaign: later answers are rejected. Unary; at most once. Upstream: `action_campaign_close`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.RemindCampaign: Unary[campaign_pb2.RemindCampaignRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/RemindCampaign", campaign_pb2.RemindCampaignRequest, campaign_pb2.ActionRun)
        """Reminds those who were asked and whom the flags select. Unary; at most once, since mail is sent. Upstream: `action_campaign_followup`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.RunCombinedAction: Unary[campaign_pb2.RunCombinedActionRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/RunCombinedAction", campaign_pb2.RunCombinedActionRequest, campaign_pb2.ActionRun)
        """Runs a combined action. Unary; at most once. Upstream: `action_combined`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.RunUserCreation: Unary[campaign_pb2.RunUserCreationRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/RunUserCreation", campaign_pb2.RunUserCreationRequest, campaign_pb2.ActionRun)
        """Runs an action that creates accounts; not available where an instance authenticates elsewhere. Unary; at most once. Upstream: `action_create_users`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.RemoveAnswerRights: Unary[campaign_pb2.RemoveAnswerRightsRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/RemoveAnswerRights", campaign_pb2.RemoveAnswerRightsRequest, campaign_pb2.ActionRun)
        """Removes the right to answer. Unary; at most once. Upstream: `action_remove_answer_rights`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.OpenCloseQuestionnaires: Unary[campaign_pb2.OpenCloseQuestionnairesRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/OpenCloseQuestionnaires", campaign_pb2.OpenCloseQuestionnairesRequest, campaign_pb2.ActionRun)
        """Opens and closes questionnaires. Unary; at most once. Upstream: `action_open_close_qst`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN, ACTION_FAILED."""
        self.ResolveSubmission: Unary[campaign_pb2.ResolveSubmissionRequest, campaign_pb2.ResolveSubmissionResponse] = Unary(
            calls, "/relais.campaign.v1.CampaignService/ResolveSubmission", campaign_pb2.ResolveSubmissionRequest, campaign_pb2.ResolveSubmissionResponse)
        """Settles a submission whose outcome the gateway cannot know, by what somebody has found out: that it runs as `action_run`, which then answers its `request_id`, or that it was not taken, which lets the same `request_id` be sent anew. Unary; idempotent. Upstream: `get_action_status` of `action_run`, nothing without. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND (no such submission is open, or no such run)."""
        self.GetActionRun: Unary[campaign_pb2.GetActionRunRequest, campaign_pb2.ActionRun] = Unary(
            calls, "/relais.campaign.v1.CampaignService/GetActionRun", campaign_pb2.GetActionRunRequest, campaign_pb2.ActionRun)
        """Reads the state of a run. Unary, read only. Upstream: `get_action_status`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.WatchActionRun: Streamer[campaign_pb2.WatchActionRunRequest, campaign_pb2.WatchActionRunResponse] = Streamer(
            calls, "/relais.campaign.v1.CampaignService/WatchActionRun", campaign_pb2.WatchActionRunRequest, campaign_pb2.WatchActionRunResponse)
        """Watches a run: its state, and the whole lines of its log as they come, none twice and in order. A stream of states: first what there is, in one or more messages, then changes; a heartbeat message at least every 15 s; ends OK after the terminal state, which comes last, or after about 30 minutes (call again with the last `resume_token` then). Ending the stream never ends the run. All watchers of a run share one poll. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, RESOURCE_NOT_FOUND, GATEWAY_DRAINING."""
        self.ReadActionRunLog: Streamer[campaign_pb2.ReadActionRunLogRequest, campaign_pb2.ReadActionRunLogResponse] = Streamer(
            calls, "/relais.campaign.v1.CampaignService/ReadActionRunLog", campaign_pb2.ReadActionRunLogRequest, campaign_pb2.ReadActionRunLogResponse)
        """Reads the log of a run as it is now. A stream of rows: whole lines in order, resumable behind every message. Upstream: `get_action_log`. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, RESOURCE_NOT_FOUND."""
        self.StartPolling: Unary[campaign_pb2.StartPollingRequest, campaign_pb2.Polling] = Unary(
            calls, "/relais.campaign.v1.CampaignService/StartPolling", campaign_pb2.StartPollingRequest, campaign_pb2.Polling)
        """Lets the server fetch answers that have come in. Answers at once. Only one polling runs at a time: while one does, this joins it. Unary; idempotent. Upstream: `do_polling`. Reasons: INVALID_REQUEST."""
        self.GetPolling: Unary[campaign_pb2.GetPollingRequest, campaign_pb2.Polling] = Unary(
            calls, "/relais.campaign.v1.CampaignService/GetPolling", campaign_pb2.GetPollingRequest, campaign_pb2.Polling)
        """Reads the polling that runs, or the last one (`pollings/current`), or an earlier one by its id. Unary, read only. Upstream: `is_polling`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND (none is known)."""
        self.WatchPolling: Streamer[campaign_pb2.WatchPollingRequest, campaign_pb2.WatchPollingResponse] = Streamer(
            calls, "/relais.campaign.v1.CampaignService/WatchPolling", campaign_pb2.WatchPollingRequest, campaign_pb2.WatchPollingResponse)
        """Watches a polling until its end. A stream of states: first the current one, then changes; a heartbeat message at least every 15 s; ends OK after the terminal state, which comes last, or after about 30 minutes. All watchers of an instance share one poll. Upstream: `is_polling`, `get_polling_log` of an earlier polling. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, RESOURCE_NOT_FOUND (none is known), GATEWAY_DRAINING."""
        self.ReadPollingLog: Streamer[campaign_pb2.ReadPollingLogRequest, campaign_pb2.ReadPollingLogResponse] = Streamer(
            calls, "/relais.campaign.v1.CampaignService/ReadPollingLog", campaign_pb2.ReadPollingLogRequest, campaign_pb2.ReadPollingLogResponse)
        """Reads the log of a polling. A stream of rows as ReadActionRunLog. Upstream: `get_polling_log`. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, RESOURCE_NOT_FOUND, PRECONDITION_FAILED (of a polling that runs the upstream does not tell the id, without which there is no log)."""
        self.ListAnswers: Lister[campaign_pb2.ListAnswersRequest, campaign_pb2.ListAnswersResponse, campaign_pb2.Answer] = Lister(
            calls, "/relais.campaign.v1.CampaignService/ListAnswers", campaign_pb2.ListAnswersRequest, campaign_pb2.ListAnswersResponse, "answers")
        """Lists the entities of a campaign with their answers, by entity. Unary, read only. The gateway filters and cuts pages. Upstream: `list_answer`. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN, RESOURCE_NOT_FOUND."""
        self.DeleteAnswer: Unary[campaign_pb2.DeleteAnswerRequest, campaign_pb2.DeleteAnswerResponse] = Unary(
            calls, "/relais.campaign.v1.CampaignService/DeleteAnswer", campaign_pb2.DeleteAnswerRequest, campaign_pb2.DeleteAnswerResponse)
        """Deletes an answer. Unary; never repeated by the gateway. Upstream: `delete_answer`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.DownloadAnswer: Streamer[campaign_pb2.DownloadAnswerRequest, campaign_pb2.DownloadAnswerResponse] = Streamer(
            calls, "/relais.campaign.v1.CampaignService/DownloadAnswer", campaign_pb2.DownloadAnswerRequest, campaign_pb2.DownloadAnswerResponse)
        """Streams an answer as the file that it is (`.qstx`): metadata, content, then size and SHA-256. Upstream: `get_answer`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, RESOURCE_CONFLICT (it has changed meanwhile)."""
        self.DownloadQuestionnaire: Streamer[campaign_pb2.DownloadQuestionnaireRequest, campaign_pb2.DownloadQuestionnaireResponse] = Streamer(
            calls, "/relais.campaign.v1.CampaignService/DownloadQuestionnaire", campaign_pb2.DownloadQuestionnaireRequest, campaign_pb2.DownloadQuestionnaireResponse)
        """Streams a questionnaire as it was sent, as DownloadAnswer. Upstream: `get_qst_sent`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, RESOURCE_CONFLICT (it has changed meanwhile)."""
        self.CloseQuestionnaire: Unary[campaign_pb2.CloseQuestionnaireRequest, campaign_pb2.CloseQuestionnaireResponse] = Unary(
            calls, "/relais.campaign.v1.CampaignService/CloseQuestionnaire", campaign_pb2.CloseQuestionnaireRequest, campaign_pb2.CloseQuestionnaireResponse)
        """Refuses answers to a questionnaire. Unary; never repeated by the gateway. Upstream: `close_qst`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.ListUsers: Lister[campaign_pb2.ListUsersRequest, campaign_pb2.ListUsersResponse, campaign_pb2.User] = Lister(
            calls, "/relais.campaign.v1.CampaignService/ListUsers", campaign_pb2.ListUsersRequest, campaign_pb2.ListUsersResponse, "users")
        """Lists the users of an instance by id. Unary, read only; for administrators. Upstream: `list_user`. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.CreateUser: Unary[campaign_pb2.CreateUserRequest, campaign_pb2.User] = Unary(
            calls, "/relais.campaign.v1.CampaignService/CreateUser", campaign_pb2.CreateUserRequest, campaign_pb2.User)
        """Creates a user. Unary; at most once: when the answer is lost the gateway looks for the login. Upstream: `insert_user`. Reasons: INVALID_REQUEST, RESOURCE_EXISTS (the login is taken), RESOURCE_NOT_FOUND (a model or group), SUBMISSION_OUTCOME_UNKNOWN."""
        self.UpdateUser: Unary[campaign_pb2.UpdateUserRequest, campaign_pb2.User] = Unary(
            calls, "/relais.campaign.v1.CampaignService/UpdateUser", campaign_pb2.UpdateUserRequest, campaign_pb2.User)
        """Changes fields of a user: reads it, merges the fields of the mask and writes it back whole. Unary; idempotent. Upstream: `list_user` and `edit_user`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.DeleteUser: Unary[campaign_pb2.DeleteUserRequest, campaign_pb2.DeleteUserResponse] = Unary(
            calls, "/relais.campaign.v1.CampaignService/DeleteUser", campaign_pb2.DeleteUserRequest, campaign_pb2.DeleteUserResponse)
        """Deletes a user. Unary; never repeated by the gateway. Upstream: `delete_user`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""

    def watch_run(self, name: str) -> Stream[campaign_pb2.ActionRun]:
        """The different states of `name` until the one that ends it."""
        return verbs.watch_one(self._calls, self.WatchActionRun, name, "action_run")

    async def wait_run(self, name: str, timeout: float | None) -> campaign_pb2.ActionRun:
        """The state in which `name` has ended, well or not. After `timeout` seconds, None = never,
        DEADLINE_EXCEEDED with the last state; what is waited for goes on."""
        return await verbs.wait(self._calls, self.WatchActionRun, name, "action_run", timeout)  # type: ignore[no-any-return]

    def watch_polling(self, name: str) -> Stream[campaign_pb2.Polling]:
        """The different states of `name` until the one that ends it."""
        return verbs.watch_one(self._calls, self.WatchPolling, name, "polling")

    async def wait_polling(self, name: str, timeout: float | None) -> campaign_pb2.Polling:
        """The state in which `name` has ended, well or not. After `timeout` seconds, None = never,
        DEADLINE_EXCEEDED with the last state; what is waited for goes on."""
        return await verbs.wait(self._calls, self.WatchPolling, name, "polling", timeout)  # type: ignore[no-any-return]

    async def download(self, name: str, path: str | os.PathLike[str], *, editable: bool = False) -> Saved:
        """Saves a file as `path`, which is replaced when all has come, undamaged."""
        method: Any = self.DownloadQuestionnaire if "/questionnaires/" in name else self.DownloadAnswer
        return await verbs.download(self._calls, method, method.request_type(name=name, editable=editable), path)

    async def download_to(self, name: str, file: BinaryIO, *, editable: bool = False) -> Saved:
        """Writes a file as it comes, once; it is whole only when this returns."""
        method: Any = self.DownloadQuestionnaire if "/questionnaires/" in name else self.DownloadAnswer
        return await verbs.download_to(self._calls, method, method.request_type(name=name, editable=editable), file)
