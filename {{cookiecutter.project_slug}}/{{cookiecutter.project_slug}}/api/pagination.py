"""Long lists, a page at a time."""

from flask import request
from flask import url_for
from pydantic import Field

from .schemas import Query


class Page(Query):
    """Which part of a list is wanted: a subclass adds filters and an order."""

    page: int = Field(default=1, ge=1, le=1_000_000, description="Which page.")
    size: int = Field(default=20, ge=1, le=100, description="How many on a page.")

    @property
    def offset(self) -> int:
        """The number of items before this page."""
        return (self.page - 1) * self.size

    def links(self, total: int) -> str:
        """Return the `Link` header: the URLs of the other pages of `total` items."""
        last = max(1, -(-total // self.size))
        pages = {"first": 1, "last": last}
        if self.page > 1:
            pages["prev"] = min(self.page - 1, last)
        if self.page < last:
            pages["next"] = self.page + 1
        return ", ".join(f'<{_url(n)}>; rel="{name}"' for name, n in pages.items())


def _url(page: int) -> str:
    """Return the URL of this request, with another page."""
    query = request.args.to_dict(flat=False)
    arguments = {**(request.view_args or {}), **query, "page": page}
    return url_for(str(request.endpoint), **arguments)
