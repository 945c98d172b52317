"""Every text that any project can hold, rendered file by file.

Why this covers every project there can be. A template file is rendered by Cookiecutter
from its source and the answers alone. Of the answers it may read only the texts and the
effective values of options (`cookiecutter.__api`); a test refuses a source that reads
anything else. So two sets of answers that agree on the options that a file names, and on
the texts, give the same file, byte for byte, whatever the other options are. Whether it is
there at all depends on the options that its row in the table names. Rendering each file
under every legal combination of its own options, those of its source and those of its row,
therefore renders every file of every project. The number of renderings is a sum over files
where the number of projects is a product over options.
"""

import tempfile
from pathlib import Path

from . import checks, claims, linters, messages
from .template import SLUGS


def faults(template):
    """Everything that is wrong with any text of any project, one line each."""
    circles = list(checks.contradictions(template))
    yield from circles
    if circles:
        return  # No combination can be settled.
    yield from checks.sources(template)
    for slug in SLUGS:
        renderings = list(template.renderings(slug))
        yield from checks.unused_words(template, renderings)
        yield from checks.silent_guides(template, renderings)
        yield from claims.faults(template, renderings)
        if slug == SLUGS[0]:  # No message has the slug.
            yield from messages.faults(template, renderings)
        yield from checks.texts(template, renderings)
        with tempfile.TemporaryDirectory(prefix="proof-") as folder:
            linters.pack(renderings, Path(folder))
            for version in template.options["python_version"]:
                yield from linters.complaints(folder, f"py{version.replace('.', '')}")
