"""Writes accounts/geography_data.py from the published lists in the folder that ACCORD_DATA names.

    ACCORD_DATA=… python docs/data/make_geography.py

`institutions/iso3166_all.csv`: the codes of ISO 3166-1 (CC BY-SA 4.0,
github.com/lukes/ISO-3166-Countries-with-Regional-Codes). `institutions/un_m49.csv`: regions by the M49
standard of the United Nations Statistics Division (unstats.un.org/unsd/methodology/m49).
`institutions/un_member_states.csv`: the 193 Member States (ODbL, github.com/mledoze/countries; without
Vatican City, an observer).
"""

import csv
import os
from pathlib import Path

TARGET = Path(__file__).parents[2] / "accounts" / "geography_data.py"

# In ISO 3166, but in no region of M49. Where somebody lives and founds institutions, the region is the one
# of the neighbours, as in CLDR's containment of territories; Antarctica is in none.
ASSIGNED_HERE = {"TW": ("142", "030"), "AQ": ("", "")}

HEAD = '''"""Countries and areas, their regions, and the Member States of the United Nations.

Written by docs/data/make_geography.py: change that and run it. Sources: ISO 3166-1 as collected by
lukes/ISO-3166-Countries-with-Regional-Codes (CC BY-SA 4.0); the M49 standard of the United Nations
Statistics Division; Member States as in mledoze/countries (ODbL, April 2026). M49 has no region for
TW and AQ: TW is counted with its neighbours (Eastern Asia), AQ in none.
"""

'''


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def regions(folder: Path) -> dict[str, tuple[str, str]]:
    """The M49 codes of region and sub-region by numeric code, sixth from the end: names hold commas."""
    with (folder / "un_m49.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row[-6]: (row[2], row[4]) for row in csv.reader(file) if row[2].isdigit()}


def places(folder: Path) -> dict[str, tuple[str, str]]:
    """The M49 codes of region and sub-region by ISO alpha-2 code; both lists share the numeric code."""
    by_number = regions(folder)
    numbers = {row["alpha-2"]: row["country-code"] for row in rows(folder, "iso3166_all.csv")}
    unknown = [code for code in numbers if numbers[code] not in by_number and code not in ASSIGNED_HERE]
    if unknown:
        raise SystemExit(f"{unknown} have no region in M49: say in ASSIGNED_HERE where they belong")
    return {code: by_number.get(number) or ASSIGNED_HERE[code] for code, number in sorted(numbers.items())}


def module(folder: Path) -> str:
    """The text of accounts/geography_data.py."""
    members = sorted(row["alpha2"] for row in rows(folder, "un_member_states.csv"))
    lines = [f'    "{code}": ("{region}", "{sub}"),' for code, (region, sub) in places(folder).items()]
    wrapped = [
        " ".join(f'"{code}",' for code in members[start : start + 16]) for start in range(0, len(members), 16)
    ]
    return (
        HEAD
        + "# fmt: off\n# ISO 3166-1 alpha-2: region and sub-region, as M49 codes.\n"
        + "PLACES: dict[str, tuple[str, str]] = {\n"
        + "\n".join(lines)
        + "\n}\n\nMEMBER_STATES = frozenset({\n    "
        + "\n    ".join(wrapped)
        + "\n})\n"
    )


if __name__ == "__main__":
    TARGET.write_text(module(Path(os.environ["ACCORD_DATA"]) / "institutions"), encoding="utf-8")
