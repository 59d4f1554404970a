#include "server/config/print.h"

#include <gtest/gtest.h>

#include "server/config/config.h"
#include "server/sections.h"

namespace relais::config {
namespace {

absl::StatusOr<LoadedConfig> ParseText(const std::string& text) {
  ConfigOptions options;
  options.look_outside = false;
  options.directory = "/etc/relais";
  return ParseConfig("relais.yaml", text, options, ConfigSections());
}

// Every key, none with its default.
constexpr char kEverything[] = R"(
server:
  listen: unix:/run/relais.sock
  behind_proxy: true
  tls: {certificate_file: a.pem, key_file: b.pem, client_ca_file: c.pem}
  drain_delay: 0.25s
  drain_deadline: 1m
  max_unary_deadline: 1h
  polling_threads: 2
  max_request_bytes: 2048
  core_dumps: true
  limits: {streams_per_connection: 1, streams: 2, watches: 3, uploads: 4, spool_bytes: 1048576,
           memory_bytes: 16777216, stall_timeout: 1s, health_watches: 5}
  watches: {heartbeat: 100ms, max_age: 1s}
  max_connection_age: 1h
  max_connection_grace: 2s
admin: {listen: "0.0.0.0:0", allow_remote: true, status_page: true}
log: {level: debug, format: json, access: none}
recordsql:
  erps:
    zulu: &erp
      display_name: "Ze \"Zulu\" \\ é # 5"
      base_url: https://erp.example/x
      user: "4711"
      password: {env: ERP_PASSWORD}
      domain: CORP
      environment: "true"
      limits: {in_flight: 1, queue: 0, attempt_timeout: 100ms, connect_timeout: 0.1s,
               max_response_bytes: 1024, max_attempts: 1, retry_budget_percent: 0,
               breaker_failures: 1}
      tls:
        ca_file: d.pem
        pinned_public_key: sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      max_page_size: 7
      verify_last_page: false
      session_lifetime: 60s
      session_suspect_age: 1s
      session_error_codes: [54, -1]
      dictionaries: [a.dhsq, "b c.dhsq"]
      data_dictionary: e.dhsd
      probe: a/b
      permissions:
        {raw_sql: true, debug: true, undeclared_record_sqls: false, company_files: ["1"]}
      invalid_error_codes: [1]
      not_found_error_codes: [2]
      denied_error_codes: [3]
      unavailable_error_codes: [4]
    alpha: *erp
jobqueue:
  spool_directory: /srv/spool
  queues:
    lab:
      display_name: Lab
      base_url: https://granta.example/sl
      authentication:
        scheme: oidc_refresh_token
        user: a
        domain: b
        password: {env: A}
        token: {env: B}
        authority: https://login.example
        client_id: c
        client_secret: {env: C}
        refresh_token: {env: D}
        scope: e
        audience: f
      marker: none
      poll_interval: 2s
      idle_poll_interval: 3s
      max_upload_bytes: 4
      transfer_timeout: 5s
state: {file: state.db, retention: 1h, settle_time: 2s}
exports:
  directory: exports
  definitions_file: definitions.yaml
  workers: 1
  max_exports: 3
  destinations:
    share:
      directory: {path: outbox}
      initial_backoff: 2s
      max_backoff: 3s
      max_attempts: 4
      transfer_timeout: 5s
    partner:
      sftp:
        address: sftp.example:22
        path: /in
        user: a
        password: {env: A}
        private_key_file: key
        private_key_passphrase: {env: B}
        host_key_sha256: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    archive:
      s3:
        endpoint: https://s3.example
        region: b
        bucket: c
        prefix: d/
        access_key_id: e
        secret_access_key: {env: C}
        tls: {ca_file: f.pem}
        part_bytes: 5242881
    portal:
      http: {base_url: "https://dav.example", user: g, password: {env: D}, webdav_move: true}
    intake:
      http: {base_url: "https://intake.example", token: {file: token}}
)";

TEST(PrintConfig, WhatIsPrintedReadsBackAsTheSameConfiguration) {
  for (const char* text : {kEverything, ""}) {
    const auto first = ParseText(text);
    ASSERT_TRUE(first.ok()) << first.status();
    const std::string printed = PrintConfig(first->config);
    const auto second = ParseText(printed);
    ASSERT_TRUE(second.ok()) << second.status() << printed;
    EXPECT_EQ(PrintConfig(second->config), printed);
    EXPECT_EQ(second->config.DebugString(), first->config.DebugString());
  }
}

TEST(PrintConfig, WithoutAnyKeyTheDefaultsArePrinted) {
  EXPECT_EQ(PrintConfig(ParseText("")->config), R"(server:
  listen: "127.0.0.1:50051"
  behind_proxy: false
  drain_delay: 3s
  drain_deadline: 10s
  max_unary_deadline: 120s
  polling_threads: 1
  max_request_bytes: 4194304
  core_dumps: false
  limits:
    streams_per_connection: 10000
    streams: 50000
    watches: 40000
    uploads: 256
    spool_bytes: 68719476736
    memory_bytes: 2147483648
    stall_timeout: 60s
    health_watches: 10000
  watches:
    heartbeat: 12s
    max_age: 1800s
  max_connection_age: 0s
  max_connection_grace: 300s
  caller_header: ""
admin:
  listen: "127.0.0.1:9464"
  allow_remote: false
  status_page: false
log:
  level: info
  access: errors
recordsql:
  erps: {}
jobqueue:
  queues: {}
  spool_directory: "/var/tmp"
state:
  file: "/var/lib/relais/state.sqlite"
  retention: 604800s
  settle_time: 10s
robot:
  orchestrators: {}
campaign:
  instances: {}
exports:
  directory: ""
  definitions_file: ""
  workers: 2
  destinations: {}
  max_exports: 1000
)");
}

TEST(PrintConfig, ConnectionsAreSortedAndSecretsAreWhereTheyAreFound) {
  const std::string printed = PrintConfig(ParseText(kEverything)->config);
  EXPECT_LT(printed.find("    alpha:\n"), printed.find("    zulu:\n"));
  EXPECT_NE(printed.find("      password:\n        env: \"ERP_PASSWORD\"\n"), std::string::npos);
  EXPECT_NE(printed.find("      dictionaries:\n        - \"/etc/relais/a.dhsq\"\n"),
            std::string::npos);
}

}  // namespace
}  // namespace relais::config
