"""What is wrong with an HTML page that a server has answered."""

from html.parser import HTMLParser

FIELDS = ("input", "select", "textarea")
# Attributes that name other elements of the page.
NAMING = ("aria-controls", "aria-describedby", "aria-labelledby", "for")
VOID = {"br", "hr", "img", "input", "link", "meta"}


class Page(HTMLParser):
    """The faults of a page's tags, and the addresses that it leads to on its own server."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.ids = []
        self.targets = set()
        self.named = set()
        self.fields = []
        self.title = ""
        self.links = set()
        self.wrong = []
        self.feed(text)
        self.close()

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title += data

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.look_at(tag, dict(attrs))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in NAMING:
                self.named.update((value or "").split())
            if name in ("action", "href", "src"):
                address, _, target = (value or "").partition("#")
                if target and not address:
                    self.targets.add(target)
                if address.startswith("/") and name != "action":
                    self.links.add(address)

    def look_at(self, tag, attributes):
        """What a reader of the page by ear misses."""
        if tag == "html" and not attributes.get("lang"):
            self.wrong.append("<html> has no language")
        if tag == "img" and "alt" not in attributes:
            self.wrong.append(f"{attributes.get('src')} has no text")
        is_shown = attributes.get("type") not in ("hidden", "submit")
        if tag in FIELDS and is_shown and "label" not in self.open:
            self.fields.append((attributes.get("id"), attributes.get("aria-label")))

    def handle_endtag(self, tag):
        if tag not in self.open:
            self.wrong.append(f"</{tag}> closes nothing")
        while tag in self.open and self.open.pop() != tag:
            self.wrong.append(f"something in <{tag}> is not closed")

    def faults(self):
        """One line each."""
        yield from self.wrong
        for tag in self.open:
            yield f"<{tag}> is not closed"
        for target in sorted(self.targets - set(self.ids)):
            yield f"#{target} leads nowhere"
        for name in sorted(self.named - set(self.ids)):
            yield f"#{name} is told of, and is not there"
        for name, label in self.fields:
            if not label and name not in self.named:
                yield f"the field {name} has no label"
        for name in {each for each in self.ids if self.ids.count(each) > 1}:
            yield f"#{name} is there twice"
        if not self.title.strip():
            yield "the page has no title"
