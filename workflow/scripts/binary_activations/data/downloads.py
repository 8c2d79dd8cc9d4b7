"""Downloads: archives fetched from mirrors, whole and verified or not at all."""

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from binary_activations.data.archives import verify
from binary_activations.errors import StudyError
from binary_activations.files import write_atomically

ATTEMPTS = 4
BUSY = (429, 500, 502, 503, 504)  # answers that may change when asked again
BACKOFF = 1  # seconds, doubled with each attempt
TIMEOUT = (10, 60)  # seconds to connect, and without a byte


def fetch(name, sources, expected, path):
    """Fetches one archive from the first source that has a whole, verified copy.

    Args:
        name: the archive's file name.
        sources: folders or base URLs, tried in order; a URL that fails on the way is tried
            again, four times in all.
        expected: what `verify` checks.
        path: where the archive goes.

    Raises:
        StudyError: naming each source and what was wrong with it, where none served.
    """
    path = Path(path)
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        candidate = Path(folder) / name
        for source in sources:
            try:
                if "://" in source:
                    content = _download(f"{source.rstrip('/')}/{name}")
                else:
                    content = _read(Path(source).expanduser(), name)
                write_atomically(candidate, content)
                verify(candidate, expected)
            except requests.RequestException as error:
                failures.append(f"  {source}: {_told(error, source)}")
            except StudyError as error:
                failures.append(f"  {source}: {str(error).replace(str(candidate), name)}")
            else:
                write_atomically(path, content)
                for failure in failures:
                    print(f"not served by {failure.strip()}")
                print(f"{path}: verified, from {source}", flush=True)
                return
    raise StudyError(
        f"{name}: no source served a correct copy; set data.mirror to a folder or base URL "
        "that has one\n" + "\n".join(failures)
    )


def _told(error, source):
    """Says in a few words why a download from a source failed."""
    host = urlsplit(source).hostname
    match error:
        case requests.HTTPError():
            return f"{host} answers {error.response.status_code} {error.response.reason}"
        case requests.exceptions.SSLError():
            return f"{host} has no certificate that can be trusted"
        case requests.Timeout():
            return f"{host} does not answer; try again later"
        case requests.ConnectionError() if "timed out" in str(error):  # in the middle
            return f"{host} does not answer any more; try again later"
        case requests.exceptions.RetryError():
            return f"{host} is busy; try again later"
        case requests.exceptions.ChunkedEncodingError():
            return f"the connection to {host} broke off; try again"
        case requests.ConnectionError():
            return f"cannot reach {host}; is there a network?"
        case _:
            return str(error)


def _download(url):
    session = requests.Session()
    retry = Retry(total=ATTEMPTS - 1, backoff_factor=BACKOFF, status_forcelist=BUSY)
    session.mount("https://", HTTPAdapter(max_retries=retry))
    session.mount("http://", HTTPAdapter(max_retries=retry))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            response = session.get(url, timeout=TIMEOUT)
            response.raise_for_status()
            return response.content
        except requests.exceptions.ChunkedEncodingError:
            if attempt == ATTEMPTS:
                raise


def _read(folder, name):
    if not folder.is_dir():
        raise StudyError(f"the mirror folder {folder} does not exist")
    if not (folder / name).is_file():
        raise StudyError(f"the mirror folder {folder} has no {name}")
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise StudyError(f"{folder / name} cannot be read ({error.strerror})") from error
