"""Many networks at once: each is one ordinary pass of its own, and one that fails hinders no other.

members    which networks are meant: a list, a configuration, a folder
work       one network, in whatever process: never raises, tells how it ended
crew       who does the work: processes of this machine, or workers on others
online     networks at Google take turns
campaign   all of it together, and the exit status
town       what one network tells the others
rollup     what many networks have in common
parts      the roll-up in words: each part is a tab and a section
reporting  the roll-up as a workbook and as a page
"""
