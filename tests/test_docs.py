"""The documentation builds offline with warnings as errors, and reads without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LOADED = re.compile(r"""(?:<(?:script|img|iframe)[^>]*\ssrc|<link[^>]*\shref)=["'](?:https?:)?//[^"']+""")

pytestmark = pytest.mark.docs


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sphinx")
    out = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E", "-b", "html"]
    command += ["-d", str(out / "trees"), str(DOCS), str(out / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "html"


def test_pages_load_nothing_from_the_network(site: Path) -> None:
    found = {page.name: LOADED.findall(page.read_text(encoding="utf-8")) for page in site.rglob("*.html")}
    assert {page: links for page, links in found.items() if links} == {}


def test_formulas_are_mathml(site: Path) -> None:
    text = (site / "explanation" / "powder-nip.html").read_text(encoding="utf-8")
    assert text.count("<math ") > 20
    assert "\\frac" not in text
    assert "$$" not in text


def test_every_module_with_code_has_a_reference_entry(site: Path) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (site / "reference").glob("*.html"))
    package = ROOT / "src" / "dryline"
    modules = [
        ".".join(path.relative_to(package.parent).with_suffix("").parts)
        for path in package.rglob("*.py")
        if path.name not in ("__init__.py", "__main__.py") and path.stat().st_size
    ]
    assert [name for name in modules if f"module-{name}" not in pages] == []


def test_pages_keep_the_project_to_itself() -> None:
    """No page, nor the README, names a path of one particular machine."""
    pages = [path for path in DOCS.rglob("*.md")] + [path for path in ROOT.glob("*.md")]
    private = re.compile(r"(?<![\w.])/(?:home|root|work|tmp|Users)/|\.\./shared")
    assert [path.name for path in pages if private.search(path.read_text(encoding="utf-8"))] == []
