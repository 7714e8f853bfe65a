"""Understand lists that people made by hand: where they stand, what each column is, and why that is believed.

Nothing here changes anything; what is found is a proposal that a person agrees to or corrects in a file.
"""
