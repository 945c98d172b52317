"""What is wrong with an HTML page that a server has answered."""

from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta"}


class Page(HTMLParser):
    """The faults of a page's tags, and the addresses that it leads to on its own server."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.ids = set()
        self.targets = set()
        self.links = set()
        self.wrong = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.add(value)
            if name in ("action", "href", "src"):
                address, _, target = (value or "").partition("#")
                if target and not address:
                    self.targets.add(target)
                if address.startswith("/") and name != "action":
                    self.links.add(address)

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
        for target in sorted(self.targets - self.ids):
            yield f"#{target} leads nowhere"
