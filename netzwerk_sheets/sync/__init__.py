"""One pass over a workbook: read, merge, understand, compute, show, write. Only this room knows the order.

order      what a pass is asked to do, what it remembers, what it found
tables     which tabs hold rows of which table, and merging them with what was agreed before
seeds      the first rows of a new workbook: the demo network, the catalogues, the settings
tasks      the task rows that joining, leaving and the catalogue ask for
picture    everything computed from the merged rows, in words
builder    understanding a workbook: locate, merge, parse, plan tasks
tabs       planning every tab: make it, or find what differs
passes     one pass prepared, nothing written yet
run        one pass carried out, with state, lock and backup
setup      a new workbook, or the network's tabs in one that exists
"""
