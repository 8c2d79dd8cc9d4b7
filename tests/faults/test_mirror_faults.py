"""Mirrors that stall, cut off, serve an error page or other bytes."""

import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from binary_activations.data import downloads
from binary_activations.data.downloads import fetch
from binary_activations.errors import StudyError

CONTENT = b"the archive" * 1000
EXPECTED = {"md5": hashlib.md5(CONTENT).hexdigest()}
FAULTS = {
    "refuses": "127.0.0.1 answers 404",
    "always busy": "127.0.0.1 is busy",
    "cuts off": "the connection to 127.0.0.1 broke off",
    "stalls before the answer": "127.0.0.1 does not answer",
    "stalls in the middle": "127.0.0.1 does not answer",
    "serves an error page": "truncated or altered",
    "serves other bytes": "truncated or altered",
    "serves nothing": "truncated or altered",
}


class Mirror(BaseHTTPRequestHandler):
    requests = 0

    def do_GET(self):
        type(self).requests += 1
        fault = self.path.split("/")[1].replace("%20", " ")
        if fault == "refuses":
            self.send_error(404)
        elif fault == "always busy" or (fault == "busy at first" and self.requests < 3):
            self.send_error(503)
        elif fault == "stalls before the answer":
            time.sleep(1)
        else:
            answer = {
                "serves an error page": b"<html>Not today.</html>",
                "serves other bytes": CONTENT[:-1] + b"?",
                "serves nothing": b"",
            }.get(fault, CONTENT)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            whole = "cuts off" not in fault or ("at first" in fault and self.requests > 1)
            if fault == "stalls in the middle":
                self.wfile.write(answer[:100])
                self.wfile.flush()
                time.sleep(1)
            else:
                self.wfile.write(answer if whole else answer[:100])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(downloads, "TIMEOUT", (0.5, 0.5))
    monkeypatch.setattr(downloads, "BACKOFF", 0.01)
    Mirror.requests = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_mirror_with_a_fault_is_told_and_replaced(tmp_path, mirror, survived, fault):
    path = tmp_path / "archives" / "a.gz"
    with pytest.raises(StudyError, match=FAULTS[fault]) as error:
        fetch("a.gz", [f"{mirror}/{fault}"], EXPECTED, path)
    assert "a.gz: no source served a correct copy; set data.mirror" in str(error.value)
    assert not path.parent.exists()
    fetch("a.gz", [f"{mirror}/{fault}", f"{mirror}/good"], EXPECTED, path)
    assert path.read_bytes() == CONTENT
    assert [file.name for file in path.parent.iterdir()] == ["a.gz"]
    survived(f"mirror {fault}", 2, "told, nothing left behind; the next mirror served")


@pytest.mark.parametrize(("fault", "requests"), [("busy at first", 3), ("cuts off at first", 2)])
def test_a_mirror_that_recovers_is_asked_again(tmp_path, mirror, survived, fault, requests):
    fetch("a.gz", [f"{mirror}/{fault}"], EXPECTED, tmp_path / "a.gz")
    assert (tmp_path / "a.gz").read_bytes() == CONTENT
    assert Mirror.requests == requests
    survived(f"mirror {fault}", 1, "asked again, served")


def test_a_mirror_that_does_not_answer(tmp_path, mirror, survived):
    fetch("a.gz", ["http://127.0.0.1:9", f"{mirror}/good"], EXPECTED, tmp_path / "a.gz")
    assert (tmp_path / "a.gz").read_bytes() == CONTENT
    survived("mirror without a server", 1, "told; the next mirror served")


def test_a_disk_too_small_for_an_archive(tmp_path, mirror, survived, mount):
    disk = tmp_path / "disk"
    mount(disk, "size=8k")
    with pytest.raises(StudyError, match=r"a.gz: cannot be written \(No space left on device\)"):
        fetch("a.gz", [f"{mirror}/good"], EXPECTED, disk / "a.gz")
    assert not list(disk.iterdir())
    mount(disk, "remount,size=80k")
    fetch("a.gz", [f"{mirror}/good"], EXPECTED, disk / "a.gz")
    assert (disk / "a.gz").read_bytes() == CONTENT
    survived("disk full at a download", 1, "named, nothing left behind; the next run served")
