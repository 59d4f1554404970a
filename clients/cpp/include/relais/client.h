// All of the client, and the messages of all services.

#ifndef RELAIS_CLIENT_H_
#define RELAIS_CLIENT_H_

#include "relais/client/call.h"
#include "relais/client/client.h"
#include "relais/client/error.h"
#include "relais/client/files.h"
#include "relais/client/rows.h"
#include "relais/client/watch.h"

#endif  // RELAIS_CLIENT_H_
