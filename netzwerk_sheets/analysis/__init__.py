"""What the network covers and lacks, worked out from the `Network` alone.

Pure functions: no input or output, no clock (`today` is an argument), no sentence in any language. Results
are data and codes; the tabs and messages that show them give them words.

    weight, matching, totals   how much a need counts, who supports it, and what it adds up to
    coverage, gaps_json        what is covered, what is open, where it rests on one partner
    resilience, failure        what happens when partners leave
    diversity                  which parts of society sit at the table
    reach                      whether measures reach their target group, and why not
    recommend                  whom to win next; with benefit (points), search and cover (the best few)
    checks                     what a person should look at; with check_* (the rules), duplicates, personal
    triggers                   reasons to extend the network now
    months                     calendar months
"""
