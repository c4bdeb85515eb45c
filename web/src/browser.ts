/** Whether the browser is one of those that `vite.config.ts` names: a menu that doesn't open helps nobody. */
export const isNewEnough = () => "popover" in HTMLElement.prototype && CSS.supports("selector(:has(a))");
