// The sandbox's Orchestrator, driven by clients that we did not write: UiPath's own TypeScript SDK, its older
// uipath-orchestrator, and uipath-orchestrator-api-node in its three modes. tools/setup.sh test installs them.
//
//   RELAIS_SANDBOX=build/release/bin/relais-sandbox node --test tests/official/orchestrator

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {after, before, describe, test} from 'node:test';

const installed = process.env.RELAIS_ORCHESTRATOR_CLIENTS ?? '.deps/orchestrator';
const require = createRequire(join(resolve(installed), 'package.json'));
const {UiPath} = require('@uipath/uipath-typescript');
const {Jobs} = require('@uipath/uipath-typescript/jobs');
const {OrchestratorApi} = require('uipath-orchestrator-api-node');
const Orchestrator = require('uipath-orchestrator');

const SHARED = 36886;

// Runs relais-sandbox on a free port; `settings` is the YAML below the key `robot`.
class Sandbox {
  static async start(settings) {
    const sandbox = new Sandbox();
    sandbox.folder = mkdtempSync(join(tmpdir(), 'relais-'));
    const file = join(sandbox.folder, 'sandbox.yaml');
    writeFileSync(file, `robot: {${settings}}\n`);
    const program = process.env.RELAIS_SANDBOX ?? 'build/release/bin/relais-sandbox';
    sandbox.process = spawn(program, ['--listen', '127.0.0.1:0', '--config', file],
                            {stdio: ['ignore', 'pipe', 'inherit']});
    const port = await new Promise((found, failed) => {
      let text = '';
      sandbox.process.on('exit', (code) => failed(new Error(`${program} ended with ${code}`)));
      sandbox.process.stdout.on('data', (chunk) => {
        text += chunk;
        const match = /listening on 127\.0\.0\.1:(\d+)/.exec(text);
        if (match) found(match[1]);
      });
    });
    sandbox.url = `http://127.0.0.1:${port}`;
    return sandbox;
  }

  async stop() {
    const ended = new Promise((done) => this.process.on('exit', done));
    this.process.removeAllListeners('exit');
    this.process.on('exit', () => {});
    const gone = new Promise((done) => this.process.once('close', done));
    this.process.kill();
    await Promise.race([ended, gone]);
    rmSync(this.folder, {recursive: true});
  }
}

// A value that comes true soon.
async function eventually(read, holds) {
  for (let i = 0; i < 200; ++i) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((go) => setTimeout(go, 50));
  }
  assert.fail('it does not come true');
}

describe('uipath-orchestrator-api-node', () => {
  let sandbox;
  before(async () => {
    sandbox = await Sandbox.start('version: 16, start_ms: 50, job_ms: 60000, stop_ms: 50');
  });
  after(() => sandbox.stop());

  const byPassword = async () => {
    const api = new OrchestratorApi({
      userinfo: {
        tenancyName: 'default',
        usernameOrEmailAddress: 'admin',
        password: 'admin-password',
      },
      serverinfo: {servername: sandbox.url},
    });
    await api.authenticate();
    api.organizationUnitId = SHARED;
    return api;
  };

  test('signs in with a password, and is told when it is wrong', async () => {
    const api = await byPassword();
    assert.ok((await api.robot.findAll()).length >= 10);
    const wrong = new OrchestratorApi({
      userinfo: {tenancyName: 'default', usernameOrEmailAddress: 'admin', password: 'wrong'},
      serverinfo: {servername: sandbox.url},
    });
    await assert.rejects(wrong.authenticate(), (error) => error.success === false);
  });

  test('signs in with a token, by asking for machines', async () => {
    const api = new OrchestratorApi({
      token: {access_token: 'rt_demo-token'},
      serverinfo: {servername: sandbox.url, organization_unit: 'x'},
    });
    await api.authenticate();
    assert.ok((await api.machine.findAll()).length >= 6);
  });

  test('signs in as a robot program', async () => {
    const admin = await byPassword();
    const robot = await admin.robot.find(216);
    const api = new OrchestratorApi({
      robotInfo: {
        machineKey: robot.LicenseKey,
        machineName: robot.MachineName,
        userName: robot.Username,
      },
      serverinfo: {servername: sandbox.url},
    });
    const details = await api.authenticate();
    assert.equal(details.robotName, 'Gustavee');
  });

  test('finds robots by every kind of name', async () => {
    const api = await byPassword();
    for (const [name, id] of [['Gustavee', 216], ['!~#$%^&*()_+=-', 771]]) {
      const found = await api.robot.findByRobotName(name);
      assert.equal(found.Id, id);
    }
  });

  test('creates, changes and deletes a robot', async () => {
    const api = await byPassword();
    const made = await api.robot.create({
      MachineName: 'Doc',
      Name: 'NodeBot',
      Username: 'uipath\\node',
      Type: 'NonProduction',
      HostingType: 'Standard',
      Password: 'secret',
    });
    const robot = await api.robot.find(made.Id);
    assert.equal(robot.Name, 'NodeBot');
    robot.Description = 'changed';
    assert.equal(await api.robot.update(robot), undefined);  // version 16 answers with nothing
    assert.equal((await api.robot.find(made.Id)).Description, 'changed');
    await api.robot.delete(made.Id);
    await assert.rejects(api.robot.find(made.Id), (error) => error.statusCode === 404);
  });

  test('reads logs by their filters', async () => {
    const api = await byPassword();
    const logs = await api.log.findAll({$filter: `RobotName eq 'DocBot'`, $top: 100, $skip: 200});
    assert.equal(logs.length, 2);
    const some = await api.log.findByFilter({robotName: 'DocBot'});
    assert.ok(some.length >= 100);
    assert.ok(some.every((row) => row.RobotName === 'DocBot'));
  });

  test('starts a job and stops it', async () => {
    const api = await byPassword();
    const answer = await api.job.startJobs('TestingSequence_DOC', ['mr-Rob']);
    const id = answer.value[0].Id;
    await eventually(() => api.job.find(id), (job) => job.State === 'Running');
    await api.job.stopJob(id, true);
    const job = await eventually(() => api.job.find(id), (job) => job.EndTime !== null);
    assert.equal(job.State, 'Stopped');
  });

  test('reads and changes users', async () => {
    const api = await byPassword();
    const user = await api.user.find(45);
    user.UnattendedRobot.Password = 'new';
    await api.user.update(user);
    assert.equal((await api.user.find(45)).UnattendedRobot.Password, null);
  });
});

describe('@uipath/uipath-typescript', () => {
  let sandbox;
  let sdk;
  before(async () => {
    sandbox = await Sandbox.start('version: 20, start_ms: 50, job_ms: 200');
    sdk = new UiPath({
      baseUrl: sandbox.url,
      orgName: 'sandbox-org',
      tenantName: 'DefaultTenant',
      secret: 'rt_demo-token',
    });
  });
  after(() => sandbox.stop());

  test('lists processes, with its own names for their fields', async () => {
    const processes = await sdk.processes.getAll({folderId: SHARED});
    assert.ok(processes.items.length >= 4);
    assert.ok(processes.items.every((one) => one.key && one.name));
  });

  test('pages through a list by its count', async () => {
    const names = [];
    let page = await sdk.processes.getAll({folderId: SHARED, pageSize: 1});
    assert.ok(page.totalCount >= 4);
    while (true) {
      assert.equal(page.items.length, 1);
      names.push(page.items[0].key);
      if (!page.hasNextPage) break;
      page = await sdk.processes.getAll({folderId: SHARED, pageSize: 1, cursor: page.nextCursor});
    }
    assert.equal(names.length, page.totalCount);
    assert.equal(new Set(names).size, names.length);
  });

  test('starts a process by its key', async () => {
    const processes = await sdk.processes.getAll({folderId: SHARED});
    const process = processes.items.find((one) => one.name === 'TestingSequence_DOC');
    const jobs = await sdk.processes.start({processKey: process.key}, SHARED);
    assert.equal(jobs.length, 1);
    assert.match(jobs[0].key, /^[0-9a-f-]{36}$/);
    const service = new Jobs(sdk);
    const job = await eventually(() => service.getById(jobs[0].key, SHARED),
                                 (one) => one.state === 'Successful');
    assert.equal(job.processName, 'TestingSequence_DOC');
    const all = await service.getAll({folderId: SHARED, filter: "state eq 'Successful'"});
    assert.ok(all.items.some((one) => one.key === jobs[0].key));
    const again = await service.restart(jobs[0].key, SHARED);
    assert.notEqual(again.key, jobs[0].key);
  });
});

// Sends its password, and works with the versions that take one.
for (const version of [9, 11, 16]) {
  describe(`uipath-orchestrator, version ${version}`, () => {
    let sandbox;
    let client;
    // Of the client's callbacks.
    const ask = (call) => new Promise((done, failed) =>
                                          call((error, value) => error ? failed(error) : done(value)));
    const signIn = (password) => {
      const made = new Orchestrator({
        tenancyName: 'default',
        usernameOrEmailAddress: 'admin',
        password,
        hostname: '127.0.0.1',
        isSecure: false,
        port: Number(new URL(sandbox.url).port),
      });
      made.switchOrganizationUnitId(SHARED);
      return made;
    };
    before(async () => {
      sandbox = await Sandbox.start(`version: ${version}, start_ms: 50, job_ms: 60000, stop_ms: 50`);
      client = signIn('admin-password');
    });
    after(() => sandbox.stop());

    test('reads what robots do', async () => {
      for (const [method, least] of [
             ['getRobots', 10], ['getSessions', 5], ['getReleases', 4], ['getRobotLogs', 100],
             ['getEnvironments', 1], ['getMachines', 6], ['getUsers', 2], ['getProcesses', 1]]) {
        const answer = await ask((done) => client.v2.odata[method]({}, done));
        assert.ok(answer.value.length >= least, method);
      }
      const some = await ask((done) => client.v2.odata.getRobots(
                                 {$filter: `Name eq 'Gustavee'`, $select: 'Id,Name'}, done));
      assert.deepEqual(some.value.map((robot) => robot.Id), [216]);
    });

    test('is told what it may', async () => {
      const me = await ask((done) => client.v2.odata.getCurrentUser({}, done));
      const may = await ask((done) => client.v2.odata.getCurrentUserPermissions({}, done));
      assert.equal(may.UserId, me.Id);
      assert.ok(may.Permissions.includes('Robots.View'));
    });

    test('starts a job and sees it run', async () => {
      const releases = await ask(
          (done) => client.v2.odata.getReleases({$filter: `ProcessKey eq 'TestingSequence_DOC'`}, done));
      const started = await ask((done) => client.v2.odata.postStartJobs(
                                    {startInfo: {ReleaseKey: releases.value[0].Key, Strategy: 'All', RobotIds: []}},
                                    done));
      const id = started.value[0].Id;
      const job = await eventually(() => ask((done) => client.get(`/odata/Jobs(${id})`, {}, done)),
                                   (one) => one.State === 'Running');
      assert.equal(job.ReleaseName.split('_')[0], 'TestingSequence');
    });

    test('changes a robot, whole and in part', async () => {
      const path = '/odata/Robots(216)';
      const robot = await ask((done) => client.get(path, {}, done));
      robot.Description = 'whole';
      await ask((done) => client.put(path, robot, done));
      assert.equal((await ask((done) => client.get(path, {}, done))).Description, 'whole');
      await ask((done) => client.patch(path, {Description: 'in part'}, done));
      assert.equal((await ask((done) => client.get(path, {}, done))).Description, 'in part');
    });

    test('is refused with a wrong password, and told what there is not', async () => {
      await assert.rejects(ask((done) => signIn('wrong').v2.odata.getRobots({}, done)));
      await assert.rejects(ask((done) => client.get('/odata/Robots(99999)', {}, done)), /404/);
      await assert.rejects(ask((done) => client.delete('/odata/Robots(99999)', done)), /404/);
    });
  });
}
