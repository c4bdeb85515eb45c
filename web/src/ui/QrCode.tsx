import { encode } from "uqr";

/** Modules around the code that stay empty: without them a camera does not find it. */
const QUIET = 4;

/** A text as a QR code: black on white in any theme, as cameras want it. */
export function QrCode(props: { of: string; label: string }) {
  const code = () => encode(props.of, { ecc: "M", border: QUIET });
  const dark = () => {
    const rows = code().data.map((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")).join(""));
    return rows.join("");
  };
  return (
    <svg
      class="qr"
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${code().size} ${code().size}`}
      shape-rendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={dark()} fill="#000" />
    </svg>
  );
}
