"""Sphinx: ``make docs``."""

from importlib.metadata import version as version_of

project = "lean-flask"
copyright = "The lean-flask maintainers"
version = release = version_of("lean-flask")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinxcontrib.mermaid"]
html_theme = "furo"
html_title = project
html_copy_source = False

# Headings have the anchors that they have where the sources are read as Markdown.
myst_heading_anchors = 3
myst_fence_as_directive = ["mermaid"]

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"

exclude_patterns = ["images/states"]
