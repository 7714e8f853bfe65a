"""One pass over a workbook: read, merge, understand, compute, show, write. Only this room knows the order.

tables     which tabs hold rows of which table, and merging them with what was agreed before
seeds      the first rows of a new workbook: the demo network, the catalogues, the settings
tasks      the task rows that joining, leaving and catalogue ask for
picture    everything computed from the merged rows, and how each tab shall look
passes     the pass itself: prepare (pure but for reading), then carry out
"""
