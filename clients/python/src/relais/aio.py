"""The client for asyncio: as that of `relais`, with `await`, `async for` and `async with`."""

from relais._aio.calls import Stream as Stream
from relais._aio.client import AsyncClient as AsyncClient, connect as connect
from relais._aio.rows import Rows as Rows
