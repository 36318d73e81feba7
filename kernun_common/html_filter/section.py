"""section - mod-html-filter(5): what the administrator may write about filtering HTML.

    html-filter SAFE { defang; external-resource accept { *.example.org }; }

Rows of one kind are asked in their order.  See also: kinds.py, filter.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Tuple

from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.schema import Section, item, items, key, section
from kernun_common.configuration.types import StrSet


class Row(NamedTuple):
    """What becomes of those that belong to the set."""

    action: str
    members: StrSet


class MaxSize(NamedTuple):
    """The largest document that is filtered, and what becomes of a larger one."""

    size: int
    otherwise: str


positive = Constraint("must not be zero", lambda row: row.size > 0)


def _kind(text: str) -> Any:
    return items("<action> accept|deny <members> str-set", into=Row, text=text)


def _replacement(text: str) -> Any:
    return item("str", text=text)


@section("html-filter", "What is deleted from HTML documents.", named=True)
class HtmlFilter(Section):
    """An html-filter; without any row and without `defang` it changes nothing."""

    defang: bool = key(
        text="Every kind that has no row below has safe ones; what they keep is told above."
        " Elements that load or run in ways that no row tells of, and conditional comments, are"
        " deleted too.",
    )
    script_tag_language: Tuple[Row, ...] = _kind(
        "Scripts, by their type or language: `text/javascript` is also compared as `javascript`."
    )
    style_tag_type: Tuple[Row, ...] = _kind(
        "Elements `style`, by their type; `text/css` where they name none, also compared as `css`."
    )
    iframe_tag_src: Tuple[Row, ...] = _kind(
        "Frames, by the URL in `src` as it is written, without blanks around it; empty where there"
        " is none."
    )
    intrinsic_language: Tuple[Row, ...] = _kind(
        "Event handlers (attributes whose names begin with `on`) and code within CSS, by their"
        " language: `javascript` unless they name another, such as `vbscript:`."
    )
    macro_language: Tuple[Row, ...] = _kind(
        "Attributes with JavaScript entities, the macros `&{...};` of Netscape, by their language,"
        " which is always `javascript`."
    )
    object_tag_type: Tuple[Row, ...] = _kind(
        "Elements `object`, `embed` and `applet`, by their type; empty where they name none, but"
        " `application/x-java-applet` of an applet."
    )
    form_action: Tuple[Row, ...] = _kind(
        "Where forms are sent to, by the URL as it is written; empty where there is none. What"
        " stands in the form is kept."
    )
    external_resource: Tuple[Row, ...] = _kind(
        "What is loaded while the document is shown, by the host in its URL. What comes with the"
        " mail (`cid`, `mid`, `data`) is not external; of a relative URL the element `base` is"
        " asked."
    )
    url_scheme: Tuple[Row, ...] = _kind(
        "Attributes and CSS that hold a URL, by its scheme; a `data` URL is also compared as"
        " `data:` and its type, for instance `data:image/png`. Relative URLs are kept."
    )
    meta_tag_name: Tuple[Row, ...] = _kind(
        "Elements `meta`, by what stands in `name`, `http-equiv` and `property`."
    )
    replace_head_script_tags: str | None = _replacement(
        "Stands in place of every script deleted from the head, as a comment."
    )
    replace_body_script_tags: str | None = _replacement(
        "Stands in place of every script deleted from the body, as text."
    )
    replace_style_tags: str | None = _replacement(
        "Stands in place of every `style` deleted: in the head as a comment, in the body as text."
    )
    replace_iframe_tags: str | None = _replacement(
        "Stands in place of every frame deleted, as text."
    )
    replace_intrinsic: str | None = _replacement(
        "Stands in place of the code of every event handler deleted, as a comment of JavaScript,"
        " which does nothing."
    )
    max_size: MaxSize = item(
        "<size> size <otherwise> remove|deny",
        into=MaxSize,
        default="4M remove",
        check=positive,
        text="A larger document is not filtered but removed from the mail, or the mail is denied."
        " The same becomes of one that cannot be read in time linear to its size.",
    )
