"""ambiguities - what readers see in a mail that can be read in two ways, and what we deliver.

    python -m tests.ambiguities     the table, as Markdown

One row for each sample of corpus/two_readings.py; a check without one has a row that says so.

    Python      is the hidden document among the parts as Python's email package reads them?
                found; encoded: only as the text that it is encoded in; no
    clamscan    does ClamAV find it in the mail, knowing it by its digest?
    libmagic    the type of the mail by its octets
    normalize, deny, pass
                what leaves the proxy if mail-filter says so: denied, unchanged or rewritten;
                behind a colon what Python's email package sees of the hidden document then

Deny and pass are said for bad-chars and invalid-header, too, which come before ambiguous-mime.
Needs clamscan and libmagic; CalledProcessError where clamscan fails.  See also: items.py.
"""

from __future__ import annotations

import email
import hashlib
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Iterator, Sequence, Tuple

import magic

from kernun_common.mail_doc.ambiguity_names import NAMES

from .corpus.two_readings import BASE64, FILE, TWO_READINGS, UUENCODE
from .imap4proxy.engine.processing.scene import Scene

Sample = Tuple[str, bytes, bytes]  # a row of TWO_READINGS

WITHOUT_FILE = {"message-external-body", "tnef"}  # their document is not FILE
ACLS = "mail-acl ALL { accept; } doc-acl ALL { accept; }"
FILTERS = {
    "normalize": "",
    "deny": "bad-chars deny; ambiguous-mime deny; invalid-header deny; correct-quoting no;",
    "pass": "bad-chars pass; ambiguous-mime pass; invalid-header pass; correct-quoting no;",
}
COLUMNS = ("check", "sample", "Python", "clamscan", "libmagic", *FILTERS)


def document_of(name: str, hidden: bytes) -> bytes:
    """What an engine should look at; `hidden` may be the text that it is encoded in."""
    return hidden if name in WITHOUT_FILE else FILE


def in_python(octets: bytes, sample: Sample) -> str:
    """found, encoded or no; blanks around it do not count."""
    payloads = [
        part.get_payload(decode=True)
        for part in email.message_from_bytes(octets).walk()
        if not part.is_multipart()
    ]
    name, mail, hidden = sample
    body = mail.partition(b"\r\n\r\n")[2]
    ways = {"found": [document_of(name, hidden)], "encoded": [hidden, BASE64, UUENCODE, body]}
    for words, texts in ways.items():
        looked_for = filter(None, (text.strip() for text in texts))
        if any(text in payload for text in looked_for for payload in payloads):
            return words
    return "no"


def in_clamscan() -> set[int]:
    """The numbers of the samples in which it finds their document; one call for all."""
    with TemporaryDirectory() as folder:
        database, mails = Path(folder, "hidden.hdb"), Path(folder, "mails")
        mails.mkdir()
        documents = {document_of(name, hidden) for name, _, hidden in TWO_READINGS}
        database.write_text("".join(map(signature, documents)))
        for number, (_, mail, _) in enumerate(TWO_READINGS):
            (mails / f"{number}").write_bytes(mail)
        command = ["clamscan", f"--database={database}", "--recursive", "--no-summary"]
        done = subprocess.run(
            [*command, "--allmatch", f"{mails}"], capture_output=True, text=True
        )
        if done.returncode not in (0, 1):  # nothing found, something found
            done.check_returncode()
        said = {line.removeprefix(f"{mails}/") for line in done.stdout.splitlines()}
    return {
        number
        for number, (name, _, hidden) in enumerate(TWO_READINGS)
        if f"{number}: {virus_name(document_of(name, hidden))}.UNOFFICIAL FOUND" in said
    }


def virus_name(document: bytes) -> str:
    return f"Hidden.{hashlib.sha256(document).hexdigest()[:8]}"


def signature(document: bytes) -> str:
    """A line of a database of digests (.hdb); ClamAV knows SHA-256 since level 73."""
    digest = hashlib.sha256(document).hexdigest()
    return f"{digest}:{len(document)}:{virus_name(document)}:73\n"


def delivered(sample: Sample, items: str) -> str:
    """What leaves the proxy, in words."""
    octets = sample[1]
    outcome = Scene(ACLS, items=items).run(octets)
    if outcome.denied:
        return "denied"
    done = "unchanged" if outcome.octets == octets else "rewritten"
    return f"{done}: {in_python(outcome.octets, sample)}"


def rows() -> Iterator[Sequence[str]]:
    """In the order of NAMES."""
    found = in_clamscan()
    for name in NAMES:
        samples = [number for number, row in enumerate(TWO_READINGS) if row[0] == name]
        if not samples:
            yield name, *["no sample"] * (len(COLUMNS) - 1)
        for number in samples:
            sample = TWO_READINGS[number]
            yield (
                name,
                str(number),
                in_python(sample[1], sample),
                "found" if number in found else "no",
                magic.from_buffer(sample[1], mime=True),
                *(delivered(sample, items) for items in FILTERS.values()),
            )


def markdown() -> Iterator[str]:
    """The lines of the table."""
    for row in (COLUMNS, ["---"] * len(COLUMNS), *rows()):
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    print("\n".join(markdown()))
