"""Covering arrays: few rows in which every legal tuple of effective values occurs."""

import itertools

from covertable import make


def rows(template, strength, without=()):
    """Rows of effective values that hold every legal tuple of `strength` options."""
    factors = {
        option: list(values) for option, values in template.options.items() if option not in without
    }
    rules = template.json["_implications"]
    return make(factors, strength=min(strength, len(factors)), constraints=list(constraints(rules)))


def constraints(rules):
    """The implications, as what must hold in each row: a term is false, or the rest follows."""
    for rule in rules:
        follows = condition(rule["then"], "eq")
        for terms in rule["if"]:
            refuted = [condition(term, "ne") for term in terms]
            yield {"operator": "or", "conditions": [*refuted, follows]}


def condition(term, operator):
    option, _, value = term.partition("=")
    value = "" if value == "no" else value or "yes"
    return {"operator": operator, "left": option, "value": value}


def legal_tuples(template, strength, without=()):
    """Every tuple that some project has, found without the generator's help."""
    options = [option for option in template.options if option not in without]
    for chosen in itertools.combinations(options, min(strength, len(options))):
        for values in template.combinations(list(chosen)):
            yield tuple(sorted(values.items()))


def missed(template, array, strength, without=()):
    """The legal tuples that no row of the array has."""
    present = set()
    for row in array:
        items = sorted(row.items())
        present.update(itertools.combinations(items, min(strength, len(items))))
    return [each for each in legal_tuples(template, strength, without) if each not in present]
