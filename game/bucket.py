"""The door to object stores: a bucket at Amazon S3 or whatever speaks its language, through obstore (extra [s3])."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from game.settings import SettingError
from game.storage import StoreTrouble

T = TypeVar("T")
PATIENCE = timedelta(seconds=20)  # for one object, tries included


class Bucket:
    """A bucket, or a folder in one, at an address such as s3://bucket/folder.

    Keys, region and endpoint come from the environment, as Amazon's own tools read it: AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL, and AWS_ALLOW_HTTP=true for an endpoint without TLS.
    """

    def __init__(self, address: str) -> None:
        try:
            import obstore
            from obstore import store
        except ImportError:
            raise SettingError(
                f"PAINTOFF_STORE is {address!r}, which needs the extra [s3]: pip install -r requirements-s3.lock"
            ) from None
        self._address, self._obstore = address, obstore
        remote = address.split("://")[0] != "memory"
        retries: dict[str, Any] = {"retry_config": {"max_retries": 4, "retry_timeout": PATIENCE}} if remote else {}
        self._store = store.from_url(address, **retries)

    def put(self, key: str, contents: bytes) -> None:
        self._asked(lambda: self._obstore.put(self._store, key, contents))

    def get(self, key: str) -> bytes:
        return self._asked(lambda: bytes(self._obstore.get(self._store, key).bytes()))

    def drop(self, key: str) -> None:
        try:
            self._asked(lambda: self._obstore.delete(self._store, key))
        except FileNotFoundError:
            return

    def keys(self, folder: str) -> Iterator[tuple[str, datetime]]:
        pages = iter(self._obstore.list(self._store, folder or None))
        while (page := self._asked(lambda: next(pages, None))) is not None:
            for each in page:
                yield each["path"], each["last_modified"]

    def room(self) -> int | None:
        return None

    def describe(self) -> str:
        return self._address

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except FileNotFoundError:
            raise
        except Exception as error:  # obstore's own kinds differ from store to store
            reason = str(error).partition("\n")[0]
            raise StoreTrouble(f"The object store {self._address} does not answer as it should: {reason}") from None
