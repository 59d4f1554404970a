"""Client of the Relais gateway. `connect` makes a blocking client; `relais.aio.connect` one for asyncio."""

from relais import aio as aio
from relais._reasons import Reason as Reason
from relais._rows import Row as Row
from relais._sync.calls import Stream as Stream
from relais._sync.client import Client as Client, connect as connect
from relais._sync.rows import Rows as Rows
from relais._types import (Change as Change, Event as Event, Progress as Progress, RelaisError as RelaisError, Retry as Retry,
                           Saved as Saved, Tls as Tls, Violation as Violation, VERSION as __version__)
