"""An SMTP server that delivers nothing: each message becomes a file that can be read.

``python -m app.demo.mailbox PORT FOLDER``
"""

import asyncio
import re
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

WRITTEN = "250 Kept"
LARGEST = 50_000_000


class Mailbox:
    """Keeps each message that is handed in, once for each person that it is for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Write the message down. The name of its file begins with the time and says whom it is for."""
        content = readable(envelope.original_content or b"")
        for recipient in envelope.rcpt_tos:
            whom = re.sub(r"[^\w.+@-]", "-", recipient)[:120]
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}_{whom}"
            draft = self.folder / f".{name}"
            draft.write_bytes(content)
            draft.rename(self.folder / f"{name}.eml")
        return WRITTEN


def readable(content: bytes) -> bytes:
    """Return the same message with its texts as they are, not wrapped up for the journey."""
    message = message_from_bytes(content)
    for part in message.walk():
        if part.get_content_maintype() == "text":
            _unwrap(part)
    return message.as_bytes()


def _unwrap(part: Message) -> None:
    text = part.get_payload(decode=True)
    if isinstance(text, bytes):
        del part["Content-Transfer-Encoding"]
        part["Content-Transfer-Encoding"] = "8bit"
        part.set_payload(text.decode("ascii", "surrogateescape"))


async def serve(port: int, folder: Path) -> None:
    """Take in mail until we are ended."""
    loop = asyncio.get_running_loop()
    mailbox = Mailbox(folder)
    server = await loop.create_server(
        lambda: SMTP(mailbox, data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
