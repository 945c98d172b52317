"""The proof that every project this template can make is whole: `python -m proof`.

Each stage is a module of `proof/stages`, and can be run alone: `python -m proof running`.

stage             sees
projection        words, claims, messages, scars, syntax and style: in each text that any project can hold, at every Python
ends              most of the next stage, in the default project and the smallest: seconds
static            what crosses files: imports, types, dependencies, dead code, files left behind, the last words
machinery         what the template wrote and no user tests: `proof/machinery`, coverage, and all of the next stage
running           what a project does: its tests, migrations, each route of its server, its links
pythons           what only some Python refuses
oldest_libraries  lower bounds that are too low
long_tests        what users do: browser, client, load, README, updates; and whether the stages above see planted faults
costs             nothing: it prints what each option costs
budget            weight: files, lines, tests, conditionals and time above their limits
"""
