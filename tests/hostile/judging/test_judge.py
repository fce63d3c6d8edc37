"""Every outcome can come about: what is planted is caught, and what is as it should be is not."""

import pytest

from tests.hostile.judging.cases import OUTCOMES, Case, Observation
from tests.hostile.judging.judge import MOST_MEGABYTES, MOST_SECONDS, fault_of_sentence, judge

SENTENCE = "The picture has more than 64 million pixels; make it smaller and try again."
TRACE = "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\nKeyError: 'users'\n"


def case(right="refusal", **more):
    return Case("planted/one", "HTTP", lambda place: None, right, **more)


def refusal(said=SENTENCE, **more):
    return Observation(refused=True, said=said, text=said, **more)


def answer(value, **more):
    return Observation(refused=False, answer=value, text=str(value), **more)


PLANTED = {
    "right answer": (case("answer", check=lambda value: value == 4), answer(4)),
    "one sentence": (case(), refusal()),
    "vague": (case(), refusal("Error")),
    "traceback": (case(), refusal(log=TRACE)),
    "hang": (case(), refusal(seconds=MOST_SECONDS + 1)),
    "memory": (case(), refusal(megabytes=MOST_MEGABYTES + 1)),
    "silent": (case("answer", check=lambda value: value == 4), answer(5)),
    "leak": (case(), refusal(f"{SENTENCE} canary-17", secrets=("canary-17",))),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_is_caught(outcome):
    assert judge(*PLANTED[outcome])[0] == outcome


def test_what_is_taken_and_should_be_refused_is_what_the_case_calls_it():
    assert judge(case(), answer(4))[0] == "silent"
    assert judge(case(taken_is="leak"), answer(4))[0] == "leak"


def test_what_is_refused_and_should_be_answered_is_wrong():
    assert judge(case("answer"), refusal())[0] == "silent"


def test_either_takes_both_but_no_wrong_answer():
    either = case("either", check=lambda value: value == 4)
    assert [judge(either, seen)[0] for seen in (refusal(), answer(4), answer(5))] == [
        "one sentence",
        "right answer",
        "silent",
    ]


def test_a_harmless_road_may_say_little_but_must_not_break_nor_tell():
    harmless = case("harmless")
    assert judge(harmless, refusal("Not Found"))[0] == "one sentence"
    assert judge(harmless, answer(""))[0] == "right answer"
    assert judge(harmless, refusal("", broke=True))[0] == "vague"
    assert judge(harmless, answer("canary-17", secrets=("canary-17",)))[0] == "leak"
    assert judge(harmless, answer("", log=TRACE)) == ("traceback", "KeyError: 'users'")


def test_the_worst_is_named():
    seen = refusal("Error", log=TRACE, seconds=99, secrets=("Error",))
    assert judge(case(), seen)[0] == "leak"


def test_a_request_to_another_machine_is_a_leak():
    assert judge(case(), refusal(noticed=("another machine was asked",)))[0] == "leak"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Error",
        "None",
        "Something went wrong on our side; the details are in the log of the server. Please try again.",
        "argument --seeds: invalid _positive value: 'x'",
        "'NoneType' object has no attribute 'get'; try again",
        "A red fault happened here\nUse another",
        "KeyError: use another one",
        "2345678901234567",
        "The tower fell over in the night.",
    ],
)
def test_a_vague_refusal_is_known(said):
    assert fault_of_sentence(said)


@pytest.mark.parametrize("said", [SENTENCE, "The list length must be one of 10, 20, 50.", "Give a folder with --out."])
def test_a_clear_refusal_is_known(said):
    assert fault_of_sentence(said) == ""


def test_several_faults_may_be_a_list():
    said = "The folder can't be used:\nitems.csv row 2: is empty; remove it\nitems.csv row 3: is empty; remove it"
    assert fault_of_sentence(said) and not fault_of_sentence(said, list_of_faults=True)
