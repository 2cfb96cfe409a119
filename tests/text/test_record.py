import copy
import pickle

from clew.text.record import record


@record()
class Nothing:
    pass


@record()
class One:
    value: object


@record(order=True)
class Two:
    first: int
    second: str = "b"


@record()
class Three(Two):
    third: tuple[object, ...] = ()


def test_records_are_pickled_and_copied_by_their_fields():
    values = [Nothing(), One(1), One((1, 2)), One([One(None)]), Two(1), Three(1, "c", (Two(2), One(3)))]
    assert pickle.loads(pickle.dumps(values)) == values
    assert copy.deepcopy(values) == values
    assert [type(one) for one in pickle.loads(pickle.dumps(values))] == [type(one) for one in values]


def test_what_stands_twice_in_a_pickle_is_one_object_again():
    shared = Two(1)
    first, second = pickle.loads(pickle.dumps((One(shared), One(shared))))
    assert first.value is second.value


def test_records_are_values():
    assert Two(1) < Two(2)
    assert {Two(1): "x"}[Two(1)] == "x"
    assert not hasattr(Two(1), "__dict__")
