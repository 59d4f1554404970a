#include "server/status/pages.h"

#include <utility>

namespace relais::status {

// The files beside this one, put into the program when it is built.
extern const std::string_view kStatusHtml;
extern const std::string_view kStatusCss;
extern const std::string_view kTablesCss;
extern const std::string_view kStatusJs;
extern const std::string_view kTablesJs;
extern const std::string_view kElementsJs;
extern const std::string_view kIconSvg;

namespace {

// Nothing but what comes from here may be loaded, and nobody may put the page into another.
constexpr char kPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for "
    "'script'; trusted-types 'none'";

Page Guarded(std::string content, const char* type) {
  return {.content = std::move(content),
          .type = type,
          .headers = {{"Content-Security-Policy", kPolicy},
                      {"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
                      {"Cross-Origin-Opener-Policy", "same-origin"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"Cache-Control", "no-store"}}};
}

}  // namespace

std::optional<Page> Pages::At(std::string_view path) {
  static constexpr char kCss[] = "text/css; charset=utf-8";
  static constexpr char kJs[] = "text/javascript; charset=utf-8";
  if (path == "/status") return Guarded(std::string(kStatusHtml), "text/html; charset=utf-8");
  if (path == "/status/status.css") return Guarded(std::string(kStatusCss), kCss);
  if (path == "/status/tables.css") return Guarded(std::string(kTablesCss), kCss);
  if (path == "/status/status.js") return Guarded(std::string(kStatusJs), kJs);
  if (path == "/status/tables.js") return Guarded(std::string(kTablesJs), kJs);
  if (path == "/status/elements.js") return Guarded(std::string(kElementsJs), kJs);
  if (path == "/status/icon.svg") return Guarded(std::string(kIconSvg), "image/svg+xml");
  if (path == "/status.json") return Guarded(Document(), "application/json");
  return std::nullopt;
}

std::string Pages::Document() {
  const absl::Time now = sources_.scheduler.Now();
  {
    const std::lock_guard lock(mu_);
    if (now - made_ < kFresh) return document_;
  }
  std::string document = MakeDocument(sources_, started_);
  const std::lock_guard lock(mu_);
  document_ = document;
  made_ = now;
  return document;
}

}  // namespace relais::status
