"""Somebody who has only what a page says: its navigation, its other links, labels and buttons."""

from html.parser import HTMLParser

OF_THIS_SITE = {"Sec-Fetch-Site": "same-origin"}


class Page(HTMLParser):
    """The links of a page by their text, and its forms by the text of their buttons."""

    def __init__(self, response):
        super().__init__()
        self.url, self.text = response.request.path, response.text
        self.links, self.forms, self.labels, self.ids = {}, {}, {}, {}
        self._form = self._said = self._textarea = None
        self.feed(response.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("name")
        if tag == "form":
            action = attributes.get("action", self.url)
            self._form = {"method": attributes.get("method", "get"), "url": action, "fields": {}}
        elif tag in ("input", "textarea", "select"):
            self._form["fields"][name] = attributes.get("value", "")
            self.ids[attributes.get("id")] = name
            self._textarea = name if tag == "textarea" else None
        elif tag in ("a", "button", "label"):
            self._said = [attributes, ""]

    def handle_data(self, data):
        if self._textarea:
            self._form["fields"][self._textarea] += data
        if self._said:
            self._said[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._textarea = None
        elif tag in ("a", "button", "label"):
            attributes, text = self._said
            self._said, text = None, " ".join(text.split())
            if tag == "a":
                self.links[text] = attributes["href"]
            elif tag == "label":
                self.labels[text] = attributes["for"]
            else:
                url = attributes.get("formaction", self._form["url"])
                self.forms[text] = {**self._form, "url": url}


class Visitor:
    def __init__(self, client, url="/"):
        self.client = client
        self.go(url)

    def go(self, url):
        self._see(self.client.get(url, follow_redirects=True))

    def follow(self, link):
        self.go(self.page.links[link])

    def press(self, button, **filled):
        """Fill in the fields with these labels, and send their form."""
        page, form = self.page, self.page.forms[button]
        fields = form["fields"] | {page.ids[page.labels[label]]: filled[label] for label in filled}
        assert fields.keys() == form["fields"].keys()
        sent = {"data" if form["method"] == "post" else "query_string": fields}
        options = {"method": form["method"], "headers": OF_THIS_SITE, "follow_redirects": True}
        self._see(self.client.open(form["url"], **sent, **options))

    def sees(self, text):
        return text in " ".join(self.page.text.split())

    def _see(self, response):
        assert response.status_code in (200, 422), response.status
        self.page = Page(response)
