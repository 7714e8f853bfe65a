"""RESTART: whatever step the tool dies at, and whatever people do before it is started again."""

from merge_office import Office
from merge_sweep import number_of_steps, prepared, sweep, targets


def test_every_step_times_every_act_of_people_loses_nothing():
    cases = sweep()
    acts = len(list(targets(prepared())))
    assert number_of_steps() == 15
    assert cases == number_of_steps() * 3 * acts >= 1500


def test_after_a_crash_and_no_act_the_next_run_ends_where_the_undisturbed_one_does():
    def resting(office: Office):
        office.settle()
        return [sorted(map(str, sheet.image()[0])) for sheet in office.sheets], dict(office.store.state.hub)

    undisturbed = prepared()
    undisturbed.run()
    wanted = resting(undisturbed)
    for step in range(1, number_of_steps() + 1):
        office = prepared()
        assert not office.run(crash_at=step)
        assert resting(office) == wanted, step


def test_two_crashes_in_a_row_lose_nothing():
    for first in range(1, number_of_steps() + 1):
        for second in range(1, number_of_steps() + 1):
            office = prepared()
            office.run(crash_at=first)
            office.run(crash_at=second)
            office.check()
            office.settle()
