// What the first process of a container has to do besides its work: it gets the orphans of all
// others, which stay for ever unless it waits for them.

#ifndef RELAIS_SERVER_CORE_OS_INIT_PROCESS_H_
#define RELAIS_SERVER_CORE_OS_INIT_PROCESS_H_

#include <sys/types.h>

namespace relais {

// Runs this program once more, as a child of this process, which hands signals on to it, waits for
// orphans, and ends with it. Gives the exit code to end with. Before any thread exists.
int RunBelowInit(char** arguments);

// The part after the start of `child`: blocks until it has ended. All signals are blocked.
int SuperviseAsInit(pid_t child);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_OS_INIT_PROCESS_H_
