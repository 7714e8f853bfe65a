"""Many networks at once: each is one ordinary pass of its own, and one that fails hinders no other.

members    which networks are meant: a list, a configuration, a folder
work       one network, in whatever process: never raises, tells how it ended
crew       who does the work: processes of this machine, or workers on others
"""
