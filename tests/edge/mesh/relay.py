"""Plain text in, TLS to the front: for callers that speak plain text to this machine."""

import asyncio
import threading


class Relay:
    def __init__(self, mesh):
        self._mesh = mesh
        self._loop = asyncio.new_event_loop()
        self._context = mesh.context()
        self._context.set_alpn_protocols(["h2"])
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop).result(20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)

    async def _serve(self, reader, writer):
        try:
            up_reader, up_writer = await asyncio.open_connection("localhost", self._mesh.front.port, ssl=self._context)
            await asyncio.gather(self._pass(reader, up_writer), self._pass(up_reader, writer))
        except OSError:
            writer.close()

    @staticmethod
    async def _pass(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()
