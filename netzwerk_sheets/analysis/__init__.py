"""What the network covers and lacks, worked out from the `Network` alone.

Pure functions: no input or output, no clock (`today` is an argument), no sentence in any language. Results
are data and codes; the tabs and messages that show them give them words.

    weight       how much a need counts
    matching     who of the partners supports what
    coverage     what is covered, what is open, where it rests on one partner
    gaps_json    the same for programs
    resilience   what happens when a partner leaves
    diversity    which parts of society sit at the table
    reach        whether measures reach their target group, and why not
    benefit      what one more partner would change
    search       the best few out of many
    recommend    whom to win next
    checks       what a person should look at
    triggers     reasons to extend the network now
"""
