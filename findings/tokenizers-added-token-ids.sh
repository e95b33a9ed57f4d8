#!/usr/bin/env bash
# Guess: an added token has the id that tokenizer.json gives it, or the file is refused.
# Observed with tokenizers 0.23.3: an id that is not the next free number is ignored without a word, so that the ids of the file and
# of the loaded tokenizer differ.
# Output seen:
#   id 3 in the file: 3 when loaded, 'ab<|end|>' is [2, 3]
#   id 7 in the file: 3 when loaded, 'ab<|end|>' is [2, 3]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tokenizers==0.23.3
"$work/venv/bin/python" - <<'PYTHON'
import json
from tokenizers import Tokenizer, __version__

def file(added_id):
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "normalizer": None,
        "pre_tokenizer": None, "post_processor": None, "decoder": None,
        "added_tokens": [{
            "id": added_id, "content": "<|end|>", "single_word": False, "lstrip": False,
            "rstrip": False, "normalized": False, "special": True}],
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
            "ignore_merges": False, "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}})

print("tokenizers", __version__)
found = {}
for written in (3, 7):
    tokenizer = Tokenizer.from_str(file(written))
    found[written] = tokenizer.token_to_id("<|end|>")
    ids = tokenizer.encode("ab<|end|>").ids
    print(f"id {written} in the file: {found[written]} when loaded, 'ab<|end|>' is {ids}")
assert found == {3: 3, 7: 3}, "the behaviour has changed"
PYTHON
