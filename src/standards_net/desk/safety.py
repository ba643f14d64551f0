"""The desk answers this machine alone: foreign hosts and origins are refused, sizes are limited."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Guard"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_LARGEST_MESSAGE = 400_000  # bytes that a page may send at once
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://127.0.0.1:* "
        b"ws://localhost:*; frame-ancestors 'self'; form-action 'self'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """An ASGI application before another one.

    A page elsewhere could else reach the desk through the reader's browser: by a name that it lets point at
    this machine (its Host is foreign then), or by a request of its own (its Origin is).

    Parameters
    ----------
    app : callable
        The application that is guarded.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not _is_local(headers.get(b"host", "")) or not _from_here(headers):
            await _refuse(scope, receive, send, 403, "this desk answers pages of its own machine only\n")
        elif scope["type"] == "http" and scope["path"] == "/health":
            await _answer(send, 200, json.dumps({"status": "ok"}) + "\n", b"application/json")
        elif not _is_small(headers):
            await _refuse(scope, receive, send, 413, "this is too large\n")
        else:
            await self.app(scope, _limited(receive), _with_headers(send))


def _is_local(host: str) -> bool:
    """Whether a Host header names this machine, whatever the port."""
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name.lower() in _LOCAL


def _from_here(headers: dict[bytes, str]) -> bool:
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get(b"host", "").lower()


def _is_small(headers: dict[bytes, str]) -> bool:
    length = headers.get(b"content-length", "0")
    return length.isdecimal() and int(length) <= _LARGEST_MESSAGE


def _limited(receive: Receive) -> Receive:
    """Messages of a reader; one that is too large ends the connection."""

    async def limited() -> Message:
        message = await receive()
        sent = message.get("text") or message.get("bytes") or message.get("body") or ""
        if len(sent) > _LARGEST_MESSAGE:
            return {"type": "websocket.disconnect" if "websocket" in message["type"] else "http.disconnect"}
        return message

    return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_HEADERS]
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": text.strip()})
        return
    await _answer(send, status, text, b"text/plain; charset=utf-8")


async def _answer(send: Send, status: int, text: str, kind: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(text)).encode()), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
