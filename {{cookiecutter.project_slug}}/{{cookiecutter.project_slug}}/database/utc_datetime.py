"""Times in the database: always with a zone, and always the same one."""

from datetime import UTC
from datetime import datetime

from sqlalchemy import DateTime
from sqlalchemy import Dialect
from sqlalchemy import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """A datetime with a zone, kept in UTC even where the database knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Return the time in UTC; a `ValueError` for one without a zone."""
        if value and not value.tzinfo:
            raise ValueError(f"{value} has no zone: use datetime.now(UTC).")
        return value and value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Return the time in UTC, with the zone."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
