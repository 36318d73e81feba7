"""mime - the structure of a mail, by offsets into it; RFC 2045, RFC 2046.

    parse(octets, limits) -> Structure

Any octets have a structure.  Where a mail can be read in two ways, this is the way of
Dovecot, whose answers a client gets for a mail that nobody changed:

  * only an empty line or a boundary ends a header; the first Content-Type counts
  * a line that begins with a boundary is one, whatever follows; the longest that fits counts,
    and of two alike the inner one
  * a mail that ends without the last boundary is complete
  * the line end in front of a boundary belongs to it, even if it is the empty line that ends a
    header; but not that of an inner multipart's last boundary, if nothing else follows
  * without Content-Type and MIME-Version, a mail's Content-Transfer-Encoding counts for nothing

The other ways are told by ambiguity.py and followed by readings.py.
Over one of the limits the reading stops: what is open then goes on to the mail's end.
Cost: each octet is looked at once for each level of the mail at most.
"""

from __future__ import annotations

from dataclasses import replace

from .ambiguity import ambiguities
from .limits import Limits
from .octets import Octets
from .reader import read
from .structure import Structure


def parse(octets: Octets, limits: Limits = Limits()) -> Structure:
    """The structure of the mail in these octets; `invalid` where it is over a limit."""
    root, notes, exceeded = read(octets, limits)
    structure = Structure(root, "invalid" if exceeded else "valid", notes, exceeded)
    return replace(structure, ambiguities=ambiguities(octets, structure))
