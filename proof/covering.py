"""Covering arrays: few rows in which every legal tuple of effective values occurs."""

import itertools

from covertable import make

# What was made, by what was asked: most mutations of the template change no option.
known = {}


def rows(template, strength, without=()):
    """Rows of effective values that hold every legal tuple of `strength` options."""
    factors = {
        option: list(values) for option, values in template.options.items() if option not in without
    }
    asked = factors, min(strength, len(factors)), list(constraints(template))
    key = repr(asked)
    if key not in known:
        known[key] = make(factors, strength=asked[1], constraints=asked[2])
    # In the order of the options, each once.
    settled = (template.settle({name: row[name] for name in factors}) for row in known[key])
    return [dict(items) for items in dict.fromkeys(tuple(row.items()) for row in settled)]


def constraints(template):
    """The implications, as what must hold in each row: a term is false, or the rest follows."""
    for rule in template.implications:
        follows = condition(template, rule["then"], True)
        for terms in rule["if"]:
            refuted = [condition(template, term, False) for term in terms]
            yield {"operator": "or", "conditions": [*refuted, follows]}


def condition(template, term, holds):
    """A term of the table as the generator of arrays takes it: that it holds, or does not."""
    option, _, value = term.partition("=")
    if not value and "yes" not in template.options[option]:
        value, holds = "none", not holds  # A bare choice: one that is not 'none'.
    value = "" if value == "no" else value or "yes"
    return {"operator": "eq" if holds else "ne", "left": option, "value": value}


def legal_tuples(template, strength, without=()):
    """Every tuple that some project has, found without the generator's help."""
    options = [option for option in template.options if option not in without]
    for chosen in itertools.combinations(options, min(strength, len(options))):
        for values in template.combinations(list(chosen)):
            yield tuple(sorted(values.items()))


def missed(template, array, strength, without=()):
    """The legal tuples that no project has which the rows of an array make."""
    present = set()
    for row in array:
        items = sorted(template.settle(row).items())
        present.update(itertools.combinations(items, min(strength, len(items))))
    return [each for each in legal_tuples(template, strength, without) if each not in present]
