"""Sizes of files and functions, beside the aims of the style guide."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "trueup"


def main() -> None:
    """Median, 90th percentile and the largest, for files and functions (without docstrings)."""
    files = {p: len(p.read_text().splitlines()) for p in SOURCE.rglob("*.py")}
    functions: dict[str, int] = {}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                size = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                functions[f"{path.relative_to(SOURCE)}:{node.name}"] = size
    show("files", {str(p.relative_to(SOURCE)): n for p, n in files.items()})
    show("functions", functions)


def show(what: str, sizes: dict[str, int]) -> None:
    """One paragraph."""
    ordered = sorted(sizes.values())
    print(f"{what}: {len(ordered)}, median {ordered[len(ordered) // 2]}, "
          f"p90 {ordered[len(ordered) * 9 // 10]}, largest:")  # fmt: skip
    for name, size in sorted(sizes.items(), key=lambda x: -x[1])[:8]:
        print(f"  {size:5} {name}")


if __name__ == "__main__":
    main()
