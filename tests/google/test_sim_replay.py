"""The simulated server says what Google said: every recording is replayed, and the comparison notices what is spoilt."""

import copy
import json

import pytest

from tests.sheetsim import discovery
from tests.sheetsim.recordings import FOLDER, read, sessions
from tests.sheetsim.replay import exclusions, replay
from tests.sheetsim.sameness import Names, differences

pytestmark = pytest.mark.skipif(
    not (FOLDER.is_dir() and discovery.available()), reason="the recordings (../shared/data/google) are not here"
)

# May only shrink: whoever makes an excluded interaction replay lowers this number.
EXCLUDED = 6


@pytest.fixture(scope="module")
def score():
    return replay()


def test_every_interaction_that_counts_is_equal(score):
    assert len(score.outcomes) > 1500
    assert not [(one.interaction.name, one.wrong[:3]) for one in score.failed]
    assert score.equal == 1


def test_the_list_of_exclusions_only_shrinks(score):
    listed = exclusions()
    assert len(listed) == EXCLUDED
    assert all(len(reason.split()) >= 3 for reason in listed.values())
    names = {one.interaction.name for one in score.outcomes}
    assert set(listed) <= names, "an exclusion names what is not there"


def test_an_exclusion_is_needed(score):
    """What would replay well must not hide on the list."""
    excluded = [one for one in score.outcomes if one.interaction.name in score.excluded]
    assert all(one.wrong for one in excluded)


def _spoilt(value):
    """The same reply with one thing wrong, deep inside."""
    if isinstance(value, dict) and value:
        value = copy.copy(value)
        key = sorted(value)[-1]
        value[key] = _spoilt(value[key])
        return value
    if isinstance(value, list) and value:
        return [*value[:-1], _spoilt(value[-1])]
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    return ["not empty"]


def _without_a_key(value):
    return {key: value[key] for key in sorted(value)[1:]} if isinstance(value, dict) else "gone"


def _with_a_key(value):
    return {**value, "unheardOf": []} if isinstance(value, dict) else [value]


@pytest.mark.parametrize("spoil", [_spoilt, _without_a_key, _with_a_key])
@pytest.mark.parametrize("every", [2, 7])
def test_a_spoilt_reply_is_noticed(spoil, every, score):
    def corrupt(number, live):
        return spoil(live) if number % every == 0 else live

    spoilt = replay(corrupt=corrupt)
    wanted = {
        number
        for number, one in enumerate(spoilt.outcomes)
        # An empty reply ({} for a mask that finds nothing) has no key to lose.
        if number % every == 0 and not (spoil is _without_a_key and one.interaction.reply == {})
    }
    # Google's id, said for the first time, may be any: nobody can notice that it is another one.
    missed = {number for number in wanted if not spoilt.outcomes[number].wrong}
    assert all(_only_names(spoilt.outcomes[number].interaction.reply, spoil) for number in missed)
    assert len(missed) < len(wanted) / 3
    assert spoilt.equal < score.equal


def _only_names(reply, spoil):
    """Whether what was spoilt is an id or a moment that Google chose."""
    while isinstance(reply, (dict, list)) and reply:
        key = sorted(reply)[-1] if isinstance(reply, dict) else None
        if key in {"modifiedTime", "spreadsheetId", "id"} or str(key).endswith("Id"):
            return spoil is _spoilt
        reply = reply[key] if isinstance(reply, dict) else reply[-1]
    return False


def test_ids_must_be_the_same_ones_throughout():
    names = Names()
    assert not list(differences(names, {"sheetId": 7}, {"sheetId": 70}))
    assert not list(differences(names, {"sheetId": 7}, {"sheetId": 70}))
    assert list(differences(names, {"sheetId": 7}, {"sheetId": 71}))
    assert list(differences(names, {"sheetId": 8}, {"sheetId": 70}))


def test_absent_is_not_empty():
    assert list(differences(Names(), {"a": 1}, {"a": 1, "values": []}))
    assert list(differences(Names(), {"values": []}, {}))
    assert list(differences(Names(), {"on": True}, {"on": 1}))


def test_two_runs_in_one_file_are_parted():
    runs = list(sessions(read(FOLDER / "gspread" / "ClientTest.test_openall.json")))
    assert len(runs) == 2


def test_the_description_knows_every_recorded_key():
    """The recorded replies fit the API description, so a reply of ours that does not is our mistake."""
    unknown = set()
    for path in sorted((FOLDER / "gspread").glob("WorksheetTest.*.json")):
        for one in read(path):
            if one.path.startswith("/v4/") and one.method == "GET" and "/values" not in one.path and one.status == 200:
                unknown |= set(discovery.sheets().faults("Spreadsheet", one.reply))
    assert not unknown


def test_a_recorded_error_has_the_body_that_the_faults_send():
    from tests.sheetsim import errors

    bodies = json.loads((FOLDER / "gargle" / "gargle_errors.json").read_text())
    by_name = {item["fixture"]: item["response"] for item in bodies}
    assert errors.scope_missing().body == by_name["fitness-get-wrong-scope_403.rds"]
    assert errors.not_found().body == by_name["sheets-spreadsheets-get-nonexistent-sheet-id_404.rds"]
    quota = errors.quota_exceeded("Read", 60, "603366585132").body
    assert quota == by_name["sheets-spreadsheets-get-quota-exceeded-readgroup_429.rds"]
    disabled = errors.service_disabled("1234567890").body
    assert disabled == by_name["sheets-spreadsheets-get-service-disabled_403.rds"]
