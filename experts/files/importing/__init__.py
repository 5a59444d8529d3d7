"""Cards in by file: read it, say what each column is, check every cell, write what is good, take it back.

`batches` is the door. `tables` reads files, `columns` knows headers, `values` reads rows with `cells`, `contacts` and
`zones`, `matching` finds the cards that are there already, `writing` makes and unmakes rows.
"""
