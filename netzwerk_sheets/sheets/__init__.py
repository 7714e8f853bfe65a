"""How a network lies in a workbook: tables, words, reading, showing, planning."""
