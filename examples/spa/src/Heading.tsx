import { type ReactNode, useEffect, useRef } from "react";

/** The heading of a new view. It takes the focus, since the button that led here has gone. */
export function Heading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that switches the language stays where it is, and keeps the focus.
    if (!document.activeElement?.closest("header")) heading.current?.focus();
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
