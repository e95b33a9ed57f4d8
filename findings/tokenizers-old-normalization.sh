#!/usr/bin/env bash
# Guess: the letters and the NFC of one tokenizer library follow the same version of Unicode.
# Observed with tokenizers 0.23.3: \p{L} knows the letters of Unicode 16, NFC only the pairs of Unicode 9 and earlier; a pair of
# Unicode 13 that NFC composes since then stays a pair, so a text has other ids than after normalization elsewhere.
# Output seen:
#   U+0065 U+0301 (Unicode 1): 1 code point by Python's NFC, 1 by tokenizers
#   U+11935 U+11930 (Unicode 13): 1 code point by Python's NFC, 2 by tokenizers
#   1, U+11900, 2: 3 pieces, so it is a letter
#   1, U+105C0, 2: 3 pieces, so it is a letter
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tokenizers==0.23.3
"$work/venv/bin/python" - <<'PYTHON'
import unicodedata
from tokenizers import Regex, __version__, normalizers, pre_tokenizers

print("tokenizers", __version__, "beside Python's Unicode", unicodedata.unidata_version)
nfc = normalizers.NFC()
split = pre_tokenizers.Split(Regex(r"\p{L}+"), "isolated")

# Composed since Unicode 1 and since Unicode 13: a letter and its vowel sign.
pairs = {"U+0065 U+0301 (Unicode 1)": "e\u0301", "U+11935 U+11930 (Unicode 13)": "\U00011935\U00011930"}
lengths = {}
for name, pair in pairs.items():
    lengths[name] = (len(unicodedata.normalize("NFC", pair)), len(nfc.normalize_str(pair)))
    print(f"{name}: {lengths[name][0]} code point by Python's NFC, {lengths[name][1]} by tokenizers")

# A letter of Unicode 13 (Dives Akuru A) and one of Unicode 16 (Todhri A), each between digits.
letters = {"U+11900": "\U00011900", "U+105C0": "\U000105c0"}
pieces = {name: len(split.pre_tokenize_str(f"1{letter}2")) for name, letter in letters.items()}
for name, count in pieces.items():
    print(f"1, {name}, 2: {count} pieces, so it {'is' if count == 3 else 'is not'} a letter")

expected = {"U+0065 U+0301 (Unicode 1)": (1, 1), "U+11935 U+11930 (Unicode 13)": (1, 2)}
assert lengths == expected and set(pieces.values()) == {3}, "the behaviour has changed"
PYTHON
