"""Whether what a style sheet shows can be told from what is behind it, in both colour schemes."""

import re
from itertools import product

# The least contrast that WCAG 2.2 wants: of text, and of what shows where a control is.
TEXT, EDGE = 4.5, 3
# What text may have, and what pages have behind it: code and messages are on a tint.
TEXTS = ("ink", "accent", "danger")
BACKGROUNDS = ("paper", "tint")
DARK = "@media (prefers-color-scheme: dark) {"
VARIABLE = re.compile(r"--([a-z]+): (#[0-9a-f]{6});")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COLOUR = re.compile(r"(?<=var\(--)[a-z]+|#[0-9a-f]+")


def faults(files):
    """One line each; `files` are texts by path."""
    for path, text in files.items():
        sheets = re.findall(r"<style[^>]*>(.+?)</style>", text or "", re.DOTALL)
        for sheet in [text] if path.endswith(".css") else sheets:
            if DARK in sheet:
                yield from (f"{path}: {fault}" for fault in faults_of(sheet))


def faults_of(sheet):
    """What can't be seen."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    light, _, rest = sheet.partition(DARK)
    dark, _, _ = rest.partition("}")
    colours = dict(VARIABLE.findall(light))
    for name, scheme in ("light", colours), ("dark", colours | dict(VARIABLE.findall(dark))):
        paper = luminance(scheme["paper"])
        if not (paper > 0.9 if name == "light" else paper < 0.02):
            yield f"the scheme {name} is not {name}"
        for where, least, fronts, backs in wanted(sheet, scheme):
            for front, back in product(fronts, backs):
                found = contrast(scheme.get(front, front), scheme.get(back, back))
                if found < least:
                    yield f"{where}: {front} on {back} has a contrast of {found:.1f}, {name}"


def wanted(sheet, scheme):
    """Where something is shown, its least contrast, its colours, and what may be behind it."""
    backs = [each for each in BACKGROUNDS if each in scheme]
    yield "text", TEXT, [each for each in TEXTS if each in scheme], backs
    for selector, body in RULE.findall(sheet):
        rule = dict(re.findall(r"([a-z-]+): ([^;]+)", body))
        own = COLOUR.findall(rule.get("background", "")) or backs[:1]
        where = " ".join(selector.split())
        yield where, TEXT, COLOUR.findall(rule.get("color", "")), own
        if "outline" in rule:
            yield where, EDGE, COLOUR.findall(rule["outline"]) or ["nothing"], backs
        if "border" in rule and re.search(r"\b(input|select|textarea)\b", selector):
            yield where, EDGE, COLOUR.findall(rule["border"]) or ["nothing"], own


def contrast(one, other):
    """From 1 to 21; 0 where one of them is no colour."""
    if not all(re.fullmatch("#[0-9a-f]{6}", each) for each in (one, other)):
        return 0
    dark, bright = sorted(map(luminance, (one, other)))
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour):
    """How bright it is, as WCAG 2.2 defines it."""
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in values
    ]
    return sum(map(float.__mul__, (0.2126, 0.7152, 0.0722), linear))
