"""Finds elements as Playwright's locators do: anew at each use, also in open shadow roots."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .page import Page

ROLES = {
    "button": "button, [role=button], summary",
    "heading": "h1, h2, h3",
    "link": "a[href]",
    "searchbox": "input[type=search]",
}
_FIND = """
const [selector, hasText, name] = arguments;
const parts = selector.split(":visible");
const roots = [document];
for (const root of roots)
  for (const { shadowRoot } of root.querySelectorAll("lean-picker"))
    if (shadowRoot) roots.push(shadowRoot);
const isVisible = (each) => each.checkVisibility
  ? each.checkVisibility({ visibilityProperty: true }) : each.getClientRects().length > 0;
const nameOf = (each) => each.getAttribute("aria-label") || each.textContent;
return roots.flatMap((root) => [...root.querySelectorAll(parts[0])])
  .filter((each) => parts.length === 1 || isVisible(each))
  .filter((each) => !hasText || each.textContent.includes(hasText))
  .filter((each) => !name || (isVisible(each) && nameOf(each).includes(name)));
"""
_SHOWN = """
const [each] = arguments;
return each.checkVisibility ? each.checkVisibility({ visibilityProperty: true })
  : each.getClientRects().length > 0;
"""
_FOCUSED = """
let focused = document.activeElement;
while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
return focused === arguments[0];
"""
_CENTER = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })"
T = TypeVar("T")


class Locator:
    """The elements that a selector means.

    :param frame: the selector of the frame that they are in; empty for the page itself.
    """

    def __init__(
        self,
        page: Page,
        selector: str,
        *,
        frame: str = "",
        index: int | None = None,
        has_text: str = "",
        name: str = "",
    ) -> None:
        self._page = page
        self._selector, self._frame, self._index = selector, frame, index
        self._texts = has_text, name

    def __repr__(self) -> str:
        return f"{self._frame} {self._selector} {self._texts}".strip()

    @property
    def first(self) -> Locator:
        return self.nth(0)

    def nth(self, index: int) -> Locator:
        text, name = self._texts
        return Locator(
            self._page, self._selector, frame=self._frame, index=index, has_text=text, name=name
        )

    def count(self) -> int:
        return len(self._find())

    def wait_for(self, state: str = "visible") -> None:
        """Wait until the element is *state*: ``visible``, ``attached`` or ``hidden``."""

        def holds() -> bool:
            found = self._find()
            if state == "attached":
                return bool(found)
            shown = any(self._page.run(_SHOWN, each) for each in found)
            return shown is (state == "visible")

        self._until(holds, f"is not {state}")

    def click(self, force: bool = False) -> None:
        """Click it, away from the edges, where something that sticks there would be hit."""

        def press(element: Any) -> None:
            self._page.run(_CENTER, element)
            element.click()

        self._do(press)

    def hover(self) -> None:
        """Bring it into view."""
        self._do(lambda element: self._page.run("arguments[0].scrollIntoView()", element))

    def fill(self, text: str) -> None:
        def type_in(element: Any) -> None:
            element.clear()
            element.send_keys(text)

        self._do(type_in)

    def press(self, key: str) -> None:
        self._do(lambda element: element.send_keys(key))

    def get_attribute(self, name: str) -> str | None:
        found: str | None = self._do(lambda element: element.get_dom_attribute(name))
        return found

    def text(self) -> str:
        """What can be read of it."""
        return str(self._do(lambda element: element.text))

    def wait_for_text(self, text: str) -> None:
        """Wait until *text* can be read in it."""
        self._until(lambda: any(text in each.text for each in self._find()), f"never said {text!r}")

    def wait_for_count(self, count: int) -> None:
        self._until(lambda: len(self._find()) == count, f"are never {count}")

    def wait_for_focus(self) -> None:
        self._until(
            lambda: any(self._page.run(_FOCUSED, each) for each in self._find()), "has no focus"
        )

    def evaluate(self, function: str) -> Any:
        """Return what *function* of JavaScript returns for the element."""
        return self._do(lambda each: self._page.run(f"return ({function})(arguments[0])", each))

    def _find(self) -> list[Any]:
        self._page.enter(self._frame)
        found: list[Any] = self._page.run(_FIND, self._selector, *self._texts) or []
        return found if self._index is None else found[self._index :][:1]

    def _do(self, act: Callable[[Any], T]) -> T:
        """Do something to the element once it is there."""
        done: list[T] = []

        def is_done() -> bool:
            for each in self._find()[:1]:
                done.append(act(each))
            return bool(done)

        self._until(is_done, "is not there, or cannot be used")
        return done[0]

    def _until(self, condition: Callable[[], bool], complaint: str) -> None:
        self._page.until(condition, f"{self!r} {complaint}")
