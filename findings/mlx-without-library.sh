#!/usr/bin/env bash
# Guess: on Linux, "pip install mlx" gives a package that can be imported, as it does on a Mac.
# Observed with mlx 0.32.4: the installation succeeds, and the import fails, since the shared library is in another package that only
# the extra "cpu" (or "cuda") brings: pip install "mlx[cpu]".
# Output seen:
#   import: ImportError: libmlx.so: cannot open shared object file: No such file or directory
set -euo pipefail
[ "$(uname -s)" = Linux ] || { echo "this is about Linux"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check mlx==0.32.4
"$work/venv/bin/python" - <<'PYTHON'
try:
    import mlx.core
except ImportError as error:
    print("import: ImportError:", error)
    assert "libmlx" in str(error), "the behaviour has changed"
else:
    raise SystemExit("the behaviour has changed: mlx can be imported")
PYTHON
