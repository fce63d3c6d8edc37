"""The judge: a case and what was observed in, the outcome and the reason out. It does nothing else, so it is tested."""

from __future__ import annotations

import re

from tests.hostile.judging.cases import Case, Observation, Outcome

#: A request that takes longer hangs; one that needs more takes the memory of others.
MOST_SECONDS, MOST_MEGABYTES = 30.0, 500.0
TRACEBACK = "Traceback (most recent call last)"
#: Refusals that say nothing, in lower case.
EMPTY_WORDS = ("error", "none", "null", "internal server error", "something went wrong", "invalid", "bad request")
#: A refusal says what to do, what is allowed, or what is missing.
ADVICE = re.compile(
    r"\b(add|ask|at least|at most|between|can be|can hold|cannot|can't|choose|close|copy|delete|did you mean|expected"
    r"|export|fetch|free|give|install|join|keep|known are|leave|log in|look|make|maximum|may be|merge|must|name|needs?"
    r"|not allowed|not found|not in|of type|one of|only|open|provide|put|reload|remove|rename|repair|required|retry|run"
    r"|save|scale|see|send|set|shorten|should|show|split|start|takes?|train|try|type it|under|update|upload|use|usage"
    r"|wait|with|without|write|zip)\b",
    re.IGNORECASE,
)
#: Words of our own insides, which mean nothing to the person who reads them.
INSIDES = re.compile(
    r"invalid _\w+ value|\b[A-Z][A-Za-z]+Error\b|Errno|object has no attribute|NoneType|positional argument"
    r"|<class '|not supported between|unexpected keyword|codec can't|list index out of range|_meta\b|errors\.pydantic"
)
FEWEST_LETTERS, MOST_LETTERS = 12, 1500


def judge(case: Case, seen: Observation) -> tuple[Outcome, str]:
    """The outcome of a case, the worst that holds, and why."""
    everything = f"{seen.text}\n{seen.said}"
    for noticed in seen.noticed:
        return "leak", noticed
    for secret in seen.secrets:
        if secret and secret in everything:
            return "leak", f"shows {secret[:60]!r}"
    if TRACEBACK in everything or TRACEBACK in seen.log:
        return "traceback", _last_line(everything if TRACEBACK in everything else seen.log)
    if seen.seconds > MOST_SECONDS:
        return "hang", f"{seen.seconds:.0f} s"
    if seen.megabytes > MOST_MEGABYTES:
        return "memory", f"+{seen.megabytes:.0f} MB"
    if seen.broke:
        return "vague", f"a fault of the server: {seen.said[:200] or seen.text[:200]}"
    if seen.refused:
        return _refusal(case, seen)
    return _taken(case, seen)


def _refusal(case: Case, seen: Observation) -> tuple[Outcome, str]:
    if case.right == "answer":
        return "silent", f"refused, and should be answered: {seen.said[:200]}"
    if case.right == "harmless":
        return "one sentence", seen.said[:200]
    fault = fault_of_sentence(seen.said, case.list_of_faults)
    return ("vague", f"{fault}: {seen.said[:300]}") if fault else ("one sentence", seen.said[:300])


def _taken(case: Case, seen: Observation) -> tuple[Outcome, str]:
    if case.right == "refusal":
        return case.taken_is, f"taken: {str(seen.answer)[:200]}"
    if case.check is not None and not case.check(seen.answer):
        return "silent", f"answered wrongly: {str(seen.answer)[:200]}"
    return "right answer", ""


def fault_of_sentence(said: str, list_of_faults: bool = False) -> str:
    """Why a refusal is no clear sentence; "" if it is one."""
    sentence = said.strip()
    if len(sentence) < FEWEST_LETTERS or sentence.lower().strip(".! ") in EMPTY_WORDS:
        return "says nothing"
    if sentence.lower().startswith("something went wrong on our side"):
        return "blames us for what is the caller's fault"
    if inside := INSIDES.search(sentence):
        return f"speaks of our insides ({inside.group()})"
    if not list_of_faults and "\n" in sentence:
        return "is no single sentence"
    if len(sentence) > MOST_LETTERS and not list_of_faults:
        return "is far too long"
    if not any(character.isalpha() for character in sentence) or " " not in sentence:
        return "is no sentence"
    return "" if ADVICE.search(sentence) else "does not say what to do"


def _last_line(text: str) -> str:
    after = text[text.rindex(TRACEBACK) :]
    lines = [line for line in after.splitlines()[1:] if line and not line.startswith((" ", "\t"))]
    return (lines[0] if lines else after)[:300]
