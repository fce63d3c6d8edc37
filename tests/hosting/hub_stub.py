"""As much of the hub of Spaces as `hf upload` asks for, on this machine: it remembers what would be committed."""

import base64
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Committed:
    """Paths that were committed as they are, paths that were committed as pointers, and what was put into storage."""

    plain: set[str] = field(default_factory=set)
    pointers: dict[str, str] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)


@contextmanager
def hub():
    """The address of a hub, and what was committed to it."""
    committed = Committed()
    handler = type("Handler", (_Handler,), {"committed": committed})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", committed
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    committed: Committed

    def log_message(self, *_):
        pass

    def do_PUT(self):
        self.committed.stored[self.path.rpartition("/")[2]] = self._body()
        self._say({})

    def do_GET(self):
        self._say({"error": "not here"}, 404)

    def do_POST(self):
        body = self._body()
        for ending, answer in (
            ("/repos/create", self._create),
            ("/validate-yaml", self._validate),
            ("/preupload/main", self._preupload),
            ("/info/lfs/objects/batch", self._batch),
            ("/commit/main", self._commit),
        ):
            if self.path.endswith(ending):
                self._say(answer(body))
                return
        self._say({"error": "not here"}, 404)

    @property
    def _address(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def _create(self, body):
        assert json.loads(body)["type"] == "space"
        return {"url": f"{self._address}/spaces/USER/SPACE", "id": "USER/SPACE", "name": "USER/SPACE"}

    def _validate(self, body):
        assert "sdk: gradio" in json.loads(body)["content"]
        return {"errors": [], "warnings": []}

    def _preupload(self, body):
        """Binary files into LFS, as the hub says."""
        files = json.loads(body)["files"]
        modes = ["lfs" if b"\0" in base64.b64decode(each["sample"]) else "regular" for each in files]
        answer = [{"path": each["path"], "uploadMode": mode, "shouldIgnore": False, "oid": None}
                  for each, mode in zip(files, modes, strict=True)]  # fmt: skip
        return {"files": answer}

    def _batch(self, body):
        objects = json.loads(body)["objects"]
        actions = [{**each, "actions": {"upload": {"href": f"{self._address}/put/{each['oid']}"}}} for each in objects]
        return {"transfer": "basic", "objects": actions}

    def _commit(self, body):
        for line in body.decode().splitlines():
            entry = json.loads(line)
            if entry["key"] == "file":
                self.committed.plain.add(entry["value"]["path"])
            elif entry["key"] == "lfsFile":
                self.committed.pointers[entry["value"]["path"]] = entry["value"]["oid"]
        name = "a" * 40
        address = f"{self._address}/spaces/USER/SPACE/commit/{name}"
        return {"success": True, "commitOid": name, "commitUrl": address, "hookOutput": "", "pullRequestUrl": None}

    def _body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while length := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(length))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _say(self, answer, code=200):
        body = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
