"""ambiguity_names - what can be read in two ways in a mail: each by a name, and in words.

    ambiguity("repeated-type", span)  ->  Ambiguity("repeated-type", span, "Content-Type is ...")
    NAMES       name -> words
    LASTING     those that stay even if their part is written anew; they are only checked both ways
"""

from __future__ import annotations

from typing import Dict

from .octets import Span
from .structure import Ambiguity

NAMES: Dict[str, str] = {
    # fields that say what a part is
    "repeated-type": "Content-Type is there more than once",
    "repeated-encoding": "Content-Transfer-Encoding is there more than once",
    "repeated-disposition": "Content-Disposition is there more than once",
    "field-name": "there are blanks between the name of a MIME field and its colon",
    "type-syntax": "Content-Type is not what RFC 2045 allows",
    "disposition-syntax": "Content-Disposition is not what RFC 2183 allows",
    "comment": "there is a comment in a MIME field",
    "repeated-parameter": "a parameter is there more than once",
    "parameter-pieces": "the pieces of a parameter are not 0, 1, 2 ...",
    "encoded-parameter": "a parameter that decides on the structure is encoded or in pieces",
    "folded-parameter": "the value of a parameter is folded",
    "file-names": "the part has two file names",
    "encoding-syntax": "there is more than a name in Content-Transfer-Encoding",
    "encoding-unknown": "the transfer encoding is not known",
    "encoding-without-mime": "there is a transfer encoding, but nothing says that the mail is MIME",
    "encoded-multipart": "a multipart has a transfer encoding",
    "encoded-message": "a message has a transfer encoding",
    # header and body
    "line-without-colon": "a line of the header is no field",
    "blank-line": "a line of the header has nothing but blanks",
    "fold-first": "the header begins with a fold",
    "header-without-end": "a boundary ends the header",
    "bare-cr": "there is a CR without LF",
    "bare-lf": "there is a LF without CR",
    "nul": "there is a NUL",
    # boundaries
    "boundary-missing": "a multipart has no boundary",
    "boundary-syntax": "the boundary is not what RFC 2046 allows",
    "boundary-shared": "the boundary is, or begins with, that of the multipart around it",
    "boundary-line": "something stands behind a boundary in its line",
    "boundary-unused": "a multipart has no part",
    "boundary-unclosed": "a multipart has no last boundary",
    "boundary-after-end": "the boundary of a multipart is there again behind the last one",
    # data
    "base64-junk": "there are other characters in base64",
    "base64-inner-padding": "there is padding inside of base64",
    "base64-padding": "the padding of base64 is not what it should be",
    "uuencode-junk": "there are other characters in uuencode",
    "encoded-outside": "there is text outside of the data in uuencode, yEnc or BinHex",
    "base64-in-text": "there is base64 in a text",
    "uuencode-in-text": "there is uuencode in a document that is not declared as such",
    "yenc-in-text": "there is yEnc in a document that is not declared as such",
    "binhex-in-text": "there is BinHex in a document that is not declared as such",
    # what a mail program puts together or unpacks
    "message-partial": "a message/partial is only a piece of a mail",
    "message-external-body": "a message/external-body has its content elsewhere",
    "tnef": "a TNEF document (winmail.dat) holds documents of its own",
}

LASTING = frozenset({"base64-in-text", "message-partial", "message-external-body", "tnef"})


def ambiguity(name: str, span: Span) -> Ambiguity:
    return Ambiguity(name, span, NAMES[name])
