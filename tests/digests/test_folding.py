from consultation.digests.folding import Happening, fold


def test_what_appeared_stands_in_the_revision_shown_last():
    standing = fold(
        [
            Happening(1, "comment.appeared", "a", 3, 1),
            Happening(2, "comment.appeared", "b", 3, 1),
            Happening(5, "comment.revised", "a", 3, 2),
        ]
    )
    assert standing.revisions == {"a": 2, "b": 1}
    assert standing.comments == {"a": 5, "b": 2}


def test_what_vanished_is_gone_and_may_come_back():
    gone = [Happening(1, "comment.appeared", "a", 3, 2), Happening(2, "comment.vanished", "a", 3, 2)]
    assert fold(gone).comments == {}
    assert fold([*gone, Happening(3, "comment.appeared", "a", 3, 3)]).revisions == {"a": 3}


def test_positions_and_cosignatures_stand_until_they_end():
    standing = fold(
        [
            Happening(1, "endorsement.took_effect", "e", 1),
            Happening(2, "endorsement.took_effect", "f", 1),
            Happening(3, "endorsement.lost_effect", "e", 1),
            Happening(4, "cosignature.given", "c", 1),
            Happening(5, "cosignature.given", "d", 1),
            Happening(6, "cosignature.ended", "c", 1),
        ]
    )
    assert standing.endorsements == {"f": 2}
    assert standing.cosignatures == {"d"}


def test_the_version_published_last_is_current():
    published = [Happening(1, "version.published", "3", 3, 1), Happening(2, "version.published", "3", 3, 2)]
    assert fold(published).versions == {3: 2}


def test_kinds_it_does_not_know_change_nothing():
    assert fold([Happening(1, "round.opened", "1")]) == fold([])
