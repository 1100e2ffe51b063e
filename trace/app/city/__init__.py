"""An invented city: who lives in it, what happens to its cable, what is wrong with some of it, and the way in.

`places`, `companies` and `wares` say what there is; `life` tells what happens to one lot, `street` what happens beside;
`blocks` puts them in order, `files` writes as spreadsheets what some keep so; `truth` sums up what was planted. All that
is pure and follows from a size and a seed alone. `build` records it.
"""
