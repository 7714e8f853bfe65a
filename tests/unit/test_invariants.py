"""Every named promise of keeping many places in step has a test, and that test was seen to fail.

A promise is broken on purpose either by a mutant that is run with the tests (its name stands here), or it was broken
by hand once; then it says how. A test or a mutant that is renamed or removed makes this table fail.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MERGE, HISTORIES, CRASHES = "property/merge/test_merge_invariants.py", "property/merge/test_merge_histories.py", "property/merge/test_merge_crashes.py"  # fmt: skip
MUTANTS, PERSON = "property/merge/test_mutants.py", "integration/test_person.py"

# Name → (what it says, tests, mutants that its tests kill, or how it was broken by hand).
INVARIANTS = {
    "NO-LOSS": (
        "What a person typed stands in a cell, as a conflict, in the trash or in the history.",
        [(HISTORIES, "test_a_hundred_thousand_steps_lose_nothing"), (HISTORIES, "test_people_and_a_tool_that_dies_lose_nothing"),
         ("integration/test_machine.py", "test_whatever_people_do_nothing_is_lost_and_the_tool_comes_to_rest")],
        ["last wins", "first wins", "of several copies one is kept", "notes: the last one wins"],
    ),
    "NO-CLOBBER": (
        "A cell is overwritten only if it still holds what was read.",
        [(MERGE, "test_no_clobber_what_was_taken_in_is_never_taken_in_twice"),
         (MERGE, "test_no_clobber_a_merged_value_taken_back_stays_back"),
         (MERGE, "test_no_clobber_a_pasted_old_copy_takes_nothing_back"), (HISTORIES, "test_a_hundred_thousand_steps_lose_nothing"),
         ("integration/test_kill.py", "test_a_person_who_saves_during_the_run_is_never_overwritten"),
         ("integration/test_machine.py", "test_a_mistake_of_the_tool_is_noticed")],
        ["no compare: written over what changed since it was read", "absorb only what equals the hub",
         "a pasted copy takes newer words back"],
    ),
    "DELETE-SAFE": (
        "A deletion never takes along what its person had not seen.",
        [(MERGE, "test_delete_safe_a_deletion_never_takes_somebody_elses_word_along"),
         (MERGE, "test_delete_safe_a_cut_row_is_moved"),
         ("integration/test_scenarios.py", "test_05_a_row_deleted_here_and_edited_there_survives_and_that_is_said")],
        ["delete wins", "deletions are decided in pairs", "a cut row is a deleted row"],
    ),
    "CONVERGE": (
        "When people rest, all places say the same, open conflicts aside.",
        [(MERGE, "test_converge_and_idempotent_the_second_run_has_nothing_to_do"),
         ("integration/test_machine.py", "test_whatever_people_do_nothing_is_lost_and_the_tool_comes_to_rest")],
        ["one difference is never written"],
    ),
    "IDEMPOTENT": (
        "A second run writes nothing; the files stay byte for byte.",
        [(MERGE, "test_converge_and_idempotent_the_second_run_has_nothing_to_do"),
         ("integration/test_machine.py", "test_whatever_people_do_nothing_is_lost_and_the_tool_comes_to_rest")],
        ["one difference is never written"],
    ),
    "ATOMIC": (
        "Killed at any moment, the file is the old one or the new one, and the database is sound.",
        [("backends/test_saving.py", "test_a_kill_at_any_step_leaves_a_whole_file"),
         ("integration/test_kill.py", "test_killed_at_any_step_the_next_run_recovers_everything"),
         ("integration/test_several_workbooks.py", "test_power_lost_between_two_files_loses_nothing")],
        "Half of the new file was written over the old one before it was put in its place.",
    ),
    "RESTART": (
        "After a death at any step the next run ends where the undisturbed one does.",
        [(CRASHES, "test_every_step_times_every_act_of_people_loses_nothing"),
         (CRASHES, "test_after_a_crash_and_no_act_the_next_run_ends_where_the_undisturbed_one_does"),
         ("integration/test_several_workbooks.py", "test_power_lost_between_two_files_loses_nothing")],
        ["no marker: a journalled write is never recognised", "base first: the base is stored before the write"],
    ),
    "COMMUTE": (
        "The order of reading decides nothing; ranks decide only what sides are called.",
        [(MERGE, "test_commute_the_order_of_reading_does_not_matter"),
         (MERGE, "test_commute_ranks_only_decide_what_sides_are_called"),
         ("integration/test_scenarios.py", "test_03_the_same_cell_twice_keeps_both_values_and_asks")],
        ["rows are merged in the order read"],
    ),
    "SYMMETRY": (
        "It does not matter who is who; one edit alone is taken.",
        [(MERGE, "test_symmetry_it_does_not_matter_who_is_who"),
         (MERGE, "test_symmetry_one_edit_alone_is_taken_and_an_equal_one_agreed")],
        ["last wins", "sets: the last one's set wins"],
    ),
    "ROW-PERMUTE": (
        "Shuffled rows and columns change no plan.",
        [(MERGE, "test_row_permute_shuffling_rows_and_columns_changes_no_plan"),
         ("integration/test_scenarios.py", "test_01_sorting_here_and_editing_there_never_moves_a_row")],
        ["rows are known by their place"],
    ),
    "COSMETIC": (
        "Another spelling of the same thing is never a conflict.",
        [(MERGE, "test_cosmetic_another_spelling_is_never_a_conflict"),
         (MERGE, "test_cosmetic_a_change_of_spelling_alone_is_carried"),
         ("integration/test_scenarios.py", "test_10_white_space_gives_way_to_a_real_edit")],
        ["spelling is an edit", "spelling is never carried"],
    ),
    "SET-ALGEBRA": (
        "In a choice of several, what was added is in and what was taken out is out.",
        [(MERGE, "test_set_algebra_added_is_in_and_taken_out_is_out"),
         ("integration/test_scenarios.py", "test_06_a_choice_of_several_takes_what_either_added_or_took_out")],
        ["sets: the last one's set wins", "sets: what was added is dropped"],
    ),
    "UNKNOWN-UNTOUCHED": (
        "Columns, parts and tabs that are not ours stay byte for byte.",
        [("backends/test_real_workbooks.py", "test_every_part_of_others_stays_byte_for_byte"),
         ("integration/test_scenarios.py", "test_02_a_column_of_ones_own_stays_where_it_is_while_others_edit")],
        "One of the parts that are copied was left out.",
    ),
    "NOT-BLOCKING": (
        "A conflict, or a table that cannot be read, leaves all else in step.",
        [(MERGE, "test_not_blocking_one_conflict_leaves_all_else_in_step"),
         ("integration/test_people_edit.py", "test_a_table_without_a_required_header_is_held_back_and_the_others_go_on"),
         ("integration/test_several_workbooks.py", "test_a_file_that_is_open_or_away_waits_and_the_others_go_on")],
        ["a conflict stops the whole table"],
    ),
    "SLICE-SOUND": (
        "A group's tab shows its rows; leaving it is no deletion.",
        [(MERGE, "test_slice_sound_a_tab_shows_its_part_and_leaving_it_is_no_deletion"),
         (MERGE, "test_slice_sound_a_row_stays_in_a_tab_that_holds_a_version_of_its_own"),
         ("integration/test_group_tabs.py", "test_a_row_deleted_on_the_groups_tab_is_no_longer_the_groups_and_is_not_lost")],
        ["leaving a tab is a deletion", "a row leaves a tab with its conflict"],
    ),
    "WRONG-BASE": (
        "A foreign, older or newer workbook never leads to a deletion nobody made.",
        [(MERGE, "test_wrong_base_without_a_base_nothing_is_deleted_or_overwritten"),
         ("integration/test_wrong_base.py", "test_wrong_base_only_what_was_agreed_is_ever_a_deletion")],
        ["no base is taken for the hub"],
    ),
    "CLOCK": (
        "No result depends on the time of day or on a clock that jumps.",
        [(MERGE, "test_clock_no_result_depends_on_the_time"),
         ("integration/test_machine.py", "test_clocks_that_jump_by_years_change_nothing"),
         ("integration/test_machine.py", "test_a_rule_that_asks_the_clock_is_noticed")],
        "A contradiction is settled by looking at the clock: the last of these tests does it and wants it noticed.",
    ),
    "ERASE": (
        "After an erasure no byte of the person is left where the tool can reach, and none comes back.",
        [(PERSON, "test_erase_after_erasing_no_byte_of_the_person_is_left_anywhere"),
         (PERSON, "test_killed_at_any_step_the_next_run_erases_the_rest"),
         (PERSON, "test_an_older_copy_that_is_put_back_brings_nobody_back_and_loses_nothing_else"),
         (PERSON, "test_erase_each_rule_that_is_removed_is_noticed")],
        ["the state is not gone through", "deleted pages stay in the database", "saved copies are left",
         "only cells are cleaned", "strings that no cell shows are left", "the row is left",
         "names are not looked for", "addresses are not looked for", "numbers are not looked for", "attributes are left"],
    ),
}  # fmt: skip


def names_in(path):
    """The functions of a test file, and the texts that are keys of its tables."""
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    keys = {
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    return functions, keys


@pytest.mark.parametrize("name", INVARIANTS)
def test_every_promise_has_its_tests_and_they_were_seen_to_fail(name):
    says, tests, broken = INVARIANTS[name]
    assert says
    assert tests
    for path, test in tests:
        assert test in names_in(path)[0], f"{name}: {test} is not in {path}"
    if isinstance(broken, str):
        assert broken
    else:
        assert broken
        assert set(broken) <= names_in(MUTANTS)[1] | names_in(PERSON)[1]


def test_all_promises_stand_here():
    assert len(INVARIANTS) == 18
