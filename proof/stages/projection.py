"""Each text that any project can hold: words, scars, syntax, style, at every Python."""

import math
import time

from ..runner import Stage, run_tests, the_template
from ..template import SLUGS


def run(folder):
    template = the_template()
    start = time.monotonic()
    # Implications connect no options of two groups: each group's combinations meet all of another's.
    groups = {tuple(template.connected([option])) for option in template.options}
    total = math.prod(len(template.combinations(group)) for group in groups)
    stage = Stage("projection", f"{total} projects")
    run_tests(stage, "tests/test_projection.py")
    texts = sum(1 for slug in SLUGS for _ in template.renderings(slug))
    stage.done = f"{texts} texts of {len(template.sources)} files"
    partly = [path for path in template.sources if not template.is_exhausted(path)]
    if partly:
        stage.done += f"; by a cover: {' '.join(partly)}"
    stage.seconds = time.monotonic() - start
    return stage
