"""Do the requests of a feed take turns, whichever of them is limited?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.model.reply import Area, Ask, Fleet
from collector.polling.turns import LISTS_IN_A_ROUND, TRIES_IN_A_ROUND, Turns

A, B, C = (Area(0.0, float(number), 1.0) for number in range(3))
ALL: list[Ask] = [A, B, C]


def test_a_round_asks_each_once_in_the_feeds_order() -> None:
    turns = Turns().new_round([A, B, A])
    assert turns.waiting == (A, B)
    turns = turns.after(A).after(B)
    assert turns.waiting == ()
    assert turns.new_round([A, B]).waiting == (A, B)


def test_a_limited_request_is_made_again_but_does_not_hold_up_the_others_for_long() -> None:
    turns = Turns().new_round(ALL).after(A).after(B, limited=True)
    assert turns.waiting == (B, C), "the round goes on where it stopped"
    turns = turns.after(B, limited=True)
    assert turns.waiting == (C, B)
    turns = turns.after(C).after(B, limited=True)
    assert turns.waiting == ()
    assert turns.new_round(ALL).waiting == (B, A, C)


def test_a_round_forgets_what_is_no_longer_wanted_and_begins_with_what_is_new() -> None:
    turns = Turns().new_round(ALL).after(A)
    assert turns.still_wanted([A, C]).waiting == (C,)
    assert turns.after(B).after(C).new_round([A, Area(9.0, 9.0, 1.0)]).waiting[-1] == A


def test_a_large_fleet_holds_up_no_poll_by_place_and_no_list_is_left_out() -> None:
    lists: list[Ask] = [Fleet((f"{number:06x}",)) for number in range(3 * LISTS_IN_A_ROUND)]
    turns, asked = Turns(), []
    for _ in range(6):
        turns = turns.new_round([*lists, A])
        assert len(turns.waiting) == LISTS_IN_A_ROUND + 1
        assert A in turns.waiting
        while turns.waiting:
            asked.append(turns.waiting[0])
            turns = turns.after(asked[-1])
    assert {asked.count(each) for each in lists} == {2}


@given(st.integers(1, 6), st.data())
def test_whatever_is_limited_every_round_ends_and_all_the_others_have_their_turn(
    count: int, data: st.DataObject
) -> None:
    asks: list[Ask] = [Area(0.0, float(number), 1.0) for number in range(count)]
    always = data.draw(st.sets(st.sampled_from(asks)))
    turns = Turns()
    for _ in range(3):
        turns = turns.new_round(asks)
        tries: list[Ask] = []
        while turns.waiting:
            tries.append(turns.waiting[0])
            limited = tries[-1] in always or data.draw(st.booleans())
            turns = turns.after(tries[-1], limited=limited)
        assert set(tries) == set(asks)
        assert all(tries.count(ask) <= TRIES_IN_A_ROUND for ask in asks)
        assert all(tries.count(ask) == TRIES_IN_A_ROUND for ask in always)
