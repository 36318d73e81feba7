import pytest

from imap4proxy.processing_tools import tools_of
from kernun_common.configuration.result import ConfigurationErrors
from tests.support.configurations import proxy


def test_templates_are_read_once(tmp_path):
    path = tmp_path / "gone.txt"
    path.write_text("It is gone: %(virus-name)s\n")
    tools = tools_of(
        proxy(
            f'mail-acl A {{ replace-body "{path}"; accept; }} '
            f'doc-acl B {{ replace "{path}"; accept; }}'
        )
    )
    assert list(tools.templates) == [str(path)]
    filled = tools.templates[str(path)].fill({"virus-name": "Eicar"}, "text/plain")
    assert filled == "It is gone: Eicar\n"


BAD = [
    # a body on its second line, the file's content, words of the error
    ('mail-acl A {{\nreplace-body "{path}"; accept; }}', None, "No such file"),
    ('doc-acl A {{\nreplace "{path}"; accept; }}', None, "No such file"),
    ('doc-acl A {{\nreplace "{path}"; accept; }}', b"%(nothing)s", "nothing"),
    ('doc-acl A {{\nreplace "{path}"; accept; }}', b"\xff", "UTF-8"),
    ('doctype-identification {{ order {{ extension }};\nmime-types "{path}"; }}', None, "No such"),
    ('doc-acl A {{ doctype-ident-order {{ extension }}; accept; }} doctype-identification {{'
     '\nmime-types "{path}"; }}', None, "No such file"),
]  # fmt: skip


@pytest.mark.parametrize("body, content, words", BAD)
def test_what_cannot_be_read(tmp_path, body, content, words):
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationErrors) as caught:
        tools_of(proxy(body.format(path=path)))
    [error] = caught.value
    assert error.where.line == 2 and words in error.text and str(path) in error.text


def test_all_is_told_at_once(tmp_path):
    with pytest.raises(ConfigurationErrors) as caught:
        tools_of(
            proxy(
                'mail-acl A { replace-body "a"; accept; } doc-acl B { replace "b"; accept; } '
                'doctype-identification { order { extension }; mime-types "c"; }'
            )
        )
    assert len(list(caught.value)) == 3


def test_types():
    tools = tools_of(proxy("doctype-identification { order { content-type }; }"))
    assert tools.identification.octets == 65536
