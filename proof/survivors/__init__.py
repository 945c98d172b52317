"""Whether the tests of generated code notice a change of it: a mutation tester.

`python -m proof.survivors` changes one thing at a time in each module of three projects,
which together have every module, and runs the tests that reach it: the project's own, then
those of the machinery. It lists the changes that no test noticed, and the project's own
tests that never noticed any. `python -m proof.survivors notes/` does so for some modules.

Not every survivor is a fault: some changes make no difference. It takes an hour on two
cores, and so is run once a week.
"""
