"""Sphinx configuration: builds and reads without a network connection."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"  # laws and kernels are then plain functions with a signature

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent / "src")]

project = "Dryline"
author = "The Dryline authors"
copyright = "2026, The Dryline authors"
release = version = "0.1.0"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "mathml",
    "reference",
]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
suppress_warnings = ["ref.python"]  # two classes of one name: the annotation of a signature links to neither
html_math_renderer = "mathml"
default_role = "code"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"Dryline {release}"
html_static_path = ["_static"]
html_css_files = ["dryline.css"]
html_copy_source = False
html_show_sphinx = False
