// An upstream that costs next to nothing: it answers from memory, so that figures are the
// gateway's. bench_upstream ROWS PAGE_ROWS: serves ROWS rows of RecordSql, PAGE_ROWS at most per
// reply, and below /mi_servicelayer and /bench a queue of 100 jobs (bench/programs/job_queue.h);
// prints its port.

#include <cstdlib>
#include <string>
#include <string_view>

#include "bench/programs/http_server.h"
#include "bench/programs/job_queue.h"
#include "bench/programs/page.h"

namespace relais::bench {
namespace {

constexpr int kJobs = 100;

std::string Json(const std::string& body) { return Reply("application/json", body); }

struct RecordSql {
  long rows;
  long page;
  std::string login =
      Json("{\"error\":0,\"access_token\":\"bench\",\"txterr\":\"\",\"infos\":\"\"}");
  std::string full = Json(Page(1, static_cast<int>(page)));
  std::string two = Json(Page(1, 2));
  std::string empty = Json(Page(1, 0));

  const std::string& For(const Request& request) const {
    if (request.target.find("/Authent/Auth") != std::string_view::npos) return login;
    const long count = Number(request.body, "\"count\":", 1);
    if (count <= 2) return two;
    return Number(request.body, "\"offset\":", 0) < rows ? full : empty;
  }
};

int Run(long rows, long page) {
  const RecordSql records{.rows = rows, .page = page};
  JobQueue queue(kJobs);
  return ServeHttp([&](const Request& request, int socket) {
    if (request.target.starts_with("/mi_servicelayer") || request.target.starts_with("/bench"))
      return queue.Answer(request, socket);
    return SendAll(socket, records.For(request));
  });
}

}  // namespace
}  // namespace relais::bench

int main(int argc, char** argv) {
  return relais::bench::Run(argc > 1 ? std::atol(argv[1]) : 300000,
                            argc > 2 ? std::atol(argv[2]) : 1000);
}
