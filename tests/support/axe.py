"""axe-core, as the tests in each browser run it, and the banks that are enough for most states."""

from __future__ import annotations

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: As many as a list with a search box and suggestions has at least: the same rows as a longer one.
FEW = {
    f"{bank}_SAU"
    for bank in (
        "RJHI", "SNB", "RIYAD", "BSF", "ANB", "ALINMA", "ALBILAD", "ALJAZIRA", "SAIB",
        "RJHI_BUSINESS",
    )
}  # fmt: skip
#: Returns the violations of some rules, with the elements.
RUN = """async (rules) => {
  scrollTo(0, 0);  // a row half under the search bar would count as too small
  const options = { runOnly: rules, resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run({ exclude: [["#lean-stand-in"]] }, options);
  return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ target }) => target)]);
}"""
