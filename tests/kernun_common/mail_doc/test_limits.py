from kernun_common.mail_doc.limits import Limits


def test_the_defaults_are_those_of_mail_filter():
    assert Limits() == Limits(parts=1000, depth=20, headers=256 * 1024)
