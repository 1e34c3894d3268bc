"""Writes compositions.txt: per line one or two characters and what they compose to in Unicode's form C (hexadecimal).

Hangul is composed by arithmetic and is not in it.
"""

import pathlib
import sys
import unicodedata

lines = [f"# Unicode {unicodedata.unidata_version}, by compose.py"]
for code in range(sys.maxunicode + 1):
    char = chr(code)
    parts = unicodedata.decomposition(char).split()
    if not parts or parts[0].startswith("<"):
        continue
    composed = unicodedata.normalize("NFC", char)
    if len(parts) == 2 and composed == char:
        lines.append(f"{parts[0]} {parts[1]} {code:04X}")
    elif len(parts) == 1 and len(composed) == 1:
        lines.append(f"{code:04X} {ord(composed):04X}")
pathlib.Path(__file__).with_name("compositions.txt").write_text("\n".join(lines) + "\n")
