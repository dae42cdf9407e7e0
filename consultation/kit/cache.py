"""A cache that is allowed to be absent: with Redis stopped it answers "miss", and the site goes on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
T = TypeVar("T")

# While Redis hangs, each question would cost its whole timeout: after a failure nobody asks for a second.
PAUSE = 1.0
LOG_EVERY = 60.0


class TolerantRedisCache(RedisCache):
    """Django's Redis cache, but for failures: a read finds nothing, a write is taken and forgotten.

    `add` and `incr` answer as on an empty cache, so what counts with them counts from nothing: limits
    kept here allow while Redis is away.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._silent_until = 0.0
        self._logged_at = -LOG_EVERY

    def add(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._ask(lambda: super(TolerantRedisCache, self).add(key, value, timeout, version), True)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda: super(TolerantRedisCache, self).get(key, default, version), default)

    def set(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask(lambda: super(TolerantRedisCache, self).set(key, value, timeout, version), None)

    def touch(self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda: super(TolerantRedisCache, self).touch(key, timeout, version), False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda: super(TolerantRedisCache, self).delete(key, version), False)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        wanted = list(keys)
        return self._ask(lambda: super(TolerantRedisCache, self).get_many(wanted, version), {})

    def set_many(
        self,
        data: Mapping[Any, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[Any]:
        return self._ask(lambda: super(TolerantRedisCache, self).set_many(dict(data), timeout, version), [])

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        doomed = list(keys)
        self._ask(lambda: super(TolerantRedisCache, self).delete_many(doomed, version), None)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda: super(TolerantRedisCache, self).has_key(key, version), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._ask(lambda: super(TolerantRedisCache, self).incr(key, delta, version), delta)

    def clear(self) -> None:
        """Forget what this cache holds. The broker may share the database: only own keys go."""
        self._ask(self._clear, None)

    def away(self) -> bool:
        """Whether Redis gives no answer at this moment."""
        return not self._ask(lambda: bool(self._cache.get_client().ping()), False)

    def _clear(self) -> None:
        client = self._cache.get_client(write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
            client.delete(key)

    def _ask(self, question: Callable[[], T], otherwise: T) -> T:
        now = time.monotonic()
        if now < self._silent_until:
            return otherwise
        try:
            return question()
        except (RedisError, OSError) as error:
            self._silent_until = now + PAUSE
            if now - self._logged_at >= LOG_EVERY:
                self._logged_at = now
                log.warning("cache.away error=%s", type(error).__name__)
            return otherwise


def is_away() -> bool:
    """Whether what is counted in the cache now counts from nothing."""
    cache = caches["default"]
    return isinstance(cache, TolerantRedisCache) and cache.away()
