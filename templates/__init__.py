"""Everything people may read or change: words, tables, catalogues, the demo network."""
