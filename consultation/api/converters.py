"""Parts of addresses. What does not have their form is not found, and asks the database nothing."""


class ReferenceConverter:
    """The reference of a comment, `P3-42`, in either case."""

    regex = "[A-Za-z][0-9]{0,9}-[0-9]{1,9}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


class NumberConverter:
    """The number of a principle."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
