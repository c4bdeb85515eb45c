/**
 * What is seen of the page: a phone's keyboard covers the rest without telling the style sheets. `--view` is the height
 * that is left, and `data-short` says that it is little.
 */

const SHORT_PX = 480;

export function followViewport(): () => void {
  const { visualViewport: seen } = globalThis;
  const root = document.documentElement;
  const look = () => {
    // Pinched, one looks at a part of the page and not at less of it.
    if (seen && seen.scale > 1.01) return;
    const height = seen?.height ?? innerHeight;
    root.style.setProperty("--view", `${Math.round(height)}px`);
    root.toggleAttribute("data-short", height < SHORT_PX);
    // What a browser scrolled to find the field is in view by now.
    if (document.body.classList.contains("in-hall") && document.activeElement?.matches("textarea")) scrollTo(0, 0);
  };
  const target = seen ?? globalThis;
  look();
  target.addEventListener("resize", look);
  document.addEventListener("focusin", look);
  return () => {
    target.removeEventListener("resize", look);
    document.removeEventListener("focusin", look);
  };
}
