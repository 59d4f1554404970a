#!/usr/bin/env python3
"""Drives the sandbox's Orchestrator with uipath-orchestrator-rest, unmodified.

The client was generated from the description of Orchestrator's whole API; it makes objects of every reply.
"""

import unittest

import uipath_orchestrator_rest as orchestrator

from sandbox_process import SandboxProcess, eventually

IN_SHARED = {"x_uipath_organization_unit_id": 36886}


class Profile:
    """What holds for every version of the server; a subclass names one."""

    @classmethod
    def setUpClass(cls):
        cls.sandbox = SandboxProcess(f"version: {cls.version}, start_ms: 50, job_ms: 60000, stop_ms: 50", "robot")
        configuration = orchestrator.Configuration()
        configuration.host = cls.sandbox.root
        configuration.access_token = "rt_demo-token"
        cls.client = orchestrator.ApiClient(configuration)

    @classmethod
    def tearDownClass(cls):
        cls.client.pool.terminate()
        cls.sandbox.stop()

    def refused(self, status, call, *arguments, **more):
        with self.assertRaises(orchestrator.rest.ApiException) as caught:
            call(*arguments, **more)
        self.assertEqual(caught.exception.status, status)

    def test_robots_are_listed_read_changed_and_deleted(self):
        robots = orchestrator.RobotsApi(self.client)
        page = robots.robots_get(top=3, orderby="Name", **IN_SHARED)
        names = [robot.name for robot in page.value]
        self.assertEqual(len(names), 3)
        self.assertEqual(names, sorted(names, key=str.lower))
        robot = robots.robots_get_by_id(216, **IN_SHARED)
        self.assertEqual((robot.id, robot.name), (216, "Gustavee"))
        robots.robots_patch_by_id(216, body=orchestrator.RobotDto(
            name=robot.name, description="changed", machine_name=robot.machine_name, username=robot.username,
            type=robot.type, hosting_type=robot.hosting_type), **IN_SHARED)
        self.assertEqual(robots.robots_get_by_id(216, **IN_SHARED).description, "changed")
        self.assertIn("Alex", robots.robots_get_usernames(**IN_SHARED).value)
        keys = robots.robots_get_machine_name_to_license_key_mappings(**IN_SHARED).value
        self.assertTrue(all(one.key and one.value for one in keys))
        everywhere = robots.robots_find_all_across_folders(filter="Id eq 216").value
        self.assertEqual([one.name for one in everywhere], ["Gustavee"])
        robots.robots_delete_by_id(79, **IN_SHARED)
        self.refused(404, robots.robots_get_by_id, 79, **IN_SHARED)

    def test_a_process_is_started_and_stopped(self):
        releases = orchestrator.ReleasesApi(self.client)
        jobs = orchestrator.JobsApi(self.client)
        release = releases.releases_get(filter="Name eq 'TestingSequence_DOC'", **IN_SHARED).value[0]
        self.assertEqual(releases.releases_get_by_id(release.id, **IN_SHARED).key, release.key)
        start = orchestrator.StartProcessDto(release_key=release.key, strategy="JobsCount", jobs_count=1)
        body = orchestrator.StartJobsRequest(start_info=start)
        job = jobs.jobs_start_jobs(body=body, **IN_SHARED).value[0]
        eventually(lambda: jobs.jobs_get_by_id(job.id, **IN_SHARED), lambda one: one.state == "Running")
        self.assertIn(job.id, [one.id for one in jobs.jobs_get(filter="State eq 'Running'", **IN_SHARED).value])
        jobs.jobs_stop_job_by_id(job.id, body=orchestrator.StopJobRequest(strategy="Kill"), **IN_SHARED)
        ended = eventually(lambda: jobs.jobs_get_by_id(job.id, expand="Robot,Release", **IN_SHARED),
                           lambda one: one.end_time is not None)
        self.assertEqual(ended.state, "Stopped")
        self.assertEqual(ended.release.key, release.key)
        again = jobs.jobs_restart_job(body=orchestrator.RestartJobRequest(job_id=job.id), **IN_SHARED)
        self.assertNotEqual(again.key, job.key)

    def test_sessions_logs_machines_and_folders_are_read(self):
        sessions = orchestrator.SessionsApi(self.client)
        self.assertEqual(len(sessions.sessions_get(expand="Robot", **IN_SHARED).value), 5)
        self.assertTrue(all(one.state for one in sessions.sessions_get_global_sessions(top=3).value))
        self.assertTrue(sessions.sessions_get_machine_session_runtimes(top=3).value)
        logs = orchestrator.RobotLogsApi(self.client)
        rows = logs.robot_logs_get(filter="RobotName eq 'DocBot'", orderby="TimeStamp desc", top=5, **IN_SHARED).value
        self.assertEqual({row.robot_name for row in rows}, {"DocBot"})
        times = [row.time_stamp for row in rows]
        self.assertEqual(times, sorted(times, reverse=True))
        self.assertGreaterEqual(logs.robot_logs_get_total_count(**IN_SHARED).value, 202)
        machines = orchestrator.MachinesApi(self.client).machines_get(top=2).value
        self.assertEqual(len(machines), 2)
        folders = orchestrator.FoldersApi(self.client)
        self.assertEqual(folders.folders_get_by_id(36886).display_name, "Shared")
        tree = orchestrator.FoldersNavigationApi(self.client)
        self.assertEqual(tree.folders_navigation_get_folders_for_current_user(skip=0, take=2).count, 3)

    def test_a_user_is_told_what_it_may(self):
        users = orchestrator.UsersApi(self.client)
        me = users.users_get_current_user()
        may = users.users_get_current_permissions()
        self.assertEqual(may.user_id, me.id)
        self.assertLessEqual({"Robots.View", "Robots.Edit", "Jobs.Create", "Logs.View"}, set(may.permissions))

    def test_what_is_wrong_is_an_error(self):
        robots = orchestrator.RobotsApi(self.client)
        self.refused(400, robots.robots_get, filter="Nonsense eq 1", **IN_SHARED)
        jobs = orchestrator.JobsApi(self.client)
        start = orchestrator.StartProcessDto(release_key="00000000-0000-0000-0000-000000000000", strategy="JobsCount")
        self.refused(404, jobs.jobs_start_jobs, body=orchestrator.StartJobsRequest(start_info=start), **IN_SHARED)
        stranger = orchestrator.Configuration()
        stranger.host = self.sandbox.root
        client = orchestrator.ApiClient(stranger)
        self.refused(401, orchestrator.RobotsApi(client).robots_get, **IN_SHARED)
        client.pool.terminate()


class Version16(Profile, unittest.TestCase):
    version = 16

    def test_a_password_signs_in(self):
        login = orchestrator.LoginModel(
            tenancy_name="default", username_or_email_address="admin", password="admin-password")
        answer = orchestrator.AccountApi(self.client).account_authenticate(body=login)
        self.assertTrue(answer.success)
        self.assertTrue(answer.result)


class Version18(Profile, unittest.TestCase):
    version = 18


class Version20(Profile, unittest.TestCase):
    version = 20


if __name__ == "__main__":
    unittest.main()
