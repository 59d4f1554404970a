// Reading a file at a place.

#ifndef RELAIS_SERVER_CORE_OS_READ_AT_H_
#define RELAIS_SERVER_CORE_OS_READ_AT_H_

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace relais {

// Up to `size` bytes of `file` from `offset` on; fewer only at its end. -1: errno says why not.
inline ssize_t ReadAt(int file, std::int64_t offset, char* into, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        pread(file, into + done, size - done, offset + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(done);
}

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_OS_READ_AT_H_
