from dataclasses import astuple

from kernun_common.mail_doc.choice import CHOICES


def test_the_first_is_the_usual_way_and_each_way_is_followed_alone_and_with_all():
    ways = [astuple(choice) for choice in CHOICES.values()]
    width = len(ways[0])
    alone = [tuple(at == way for at in range(width)) for way in range(width)]
    assert ways == [(False,) * width, *alone, (True,) * width]
