"""The stages of the proof, in their order: each is a module with a `run(folder)`."""

from . import (
    budget,
    costs,
    ends,
    long_tests,
    machinery,
    oldest_libraries,
    projection,
    pythons,
    running,
    static,
)

STAGES = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        projection,
        ends,
        static,
        machinery,
        running,
        pythons,
        oldest_libraries,
        long_tests,
        costs,
        budget,
    )
}
