"""Files that the library has written, while the gateway reads them in pieces."""

import base64
import hashlib
import os
import tempfile
import threading
import time

from errors import Refusal

LONGEST_PIECE = 8 << 20
MOST_KEPT = 16


class Files:
    """A file is unlinked as soon as it is written and lives by its descriptor: none outlives the process. The first
    piece lets the library write it anew; whoever reads on reads what was written last. Thread-safe."""

    def __init__(self, keep_seconds):
        self._keep_seconds = keep_seconds
        self._lock = threading.Lock()
        self._kept = {}  # under the lock: key → (file, size, sha256, last use), oldest use first

    def read(self, key, name, write, offset, length):
        """A piece, as the protocol has it. `write(path)` lets the library write the file."""
        with self._lock:
            kept = self._kept.get(key) if offset > 0 else None
        file, size, sha256 = kept[:3] if kept else self._fetch(name, write)
        content = os.pread(file.fileno(), min(length, LONGEST_PIECE), offset)
        self._keep(key, (file, size, sha256, time.monotonic()))
        return {
            "file_name": name,
            "size": size,
            "sha256": sha256,
            "offset": offset,
            "content": base64.b64encode(content).decode(),
        }

    def drop_old(self):
        """Forgets what was not used for a while. A file closes when its last reader has done with it."""
        oldest = time.monotonic() - self._keep_seconds
        with self._lock:
            self._kept = {key: entry for key, entry in self._kept.items() if entry[3] >= oldest}

    def _keep(self, key, entry):
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = entry
            if len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    @staticmethod
    def _fetch(name, write):
        with tempfile.TemporaryDirectory(prefix="relais-campaign-") as folder:
            write(os.path.join(folder, name))
            written = os.listdir(folder)  # the library may have given it another ending
            if len(written) != 1:
                raise Refusal("value", "reply", "The library wrote no file, or several.")
            file = open(os.path.join(folder, written[0]), "rb")
        digest = hashlib.sha256()
        while part := file.read(1 << 20):
            digest.update(part)
        return file, file.tell(), digest.hexdigest()
